import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import type { AccessTokenClaims } from '../keys/access-token-claims.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { sha256Hex } from '../storage/hash.js';
import type { RevocationEntry, RevokedGrant } from '../storage/records.js';
import { RevocationRepository } from '../storage/revocation.repository.js';
import { StorageUnavailableError } from '../storage/storage-unavailable.error.js';
import { within } from '../storage/within.js';

const DAY_MS = 86_400_000;
/** Commits become visible out of order, and clocks differ. */
const OVERLAP_MS = 60_000;
const FULL_RELOAD_MS = 5 * 60_000;
/** How long a request waits for a look at the log that is overdue. */
const GUARD_PATIENCE_MS = 5000;

type RevocableToken = Pick<AccessTokenClaims, 'jti' | 'grant_id' | 'grant_created_at' | 'client_id' | 'sub'>;

interface Killed {
  /** Grants created at or before this instant are dead. */
  at: number;
  until: number;
}

/**
 * Knows in memory what has been revoked, so that a guarded request makes no query: its own instance's revocations at
 * once, those of others by following the log. When it has not heard from the database for too long it does not answer
 * from memory any more.
 */
@Injectable()
export class RevocationFeed implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('McpAuth');
  private readonly tokens = new Map<string, number>();
  private readonly grants = new Map<string, number>();
  private readonly groups = { client: new Map<string, Killed>(), user: new Map<string, Killed>() };
  /** How far the log was read, on the database's clock. */
  private readUntil = 0;
  private lastPollAt = Number.NEGATIVE_INFINITY;
  private lastReloadAt = Number.NEGATIVE_INFINITY;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly repository: RevocationRepository,
    private readonly clock: DatabaseClock,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.poll();
    this.schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    // The DataSource is closed next: nothing of ours may be under way then.
    await this.running?.catch(() => undefined);
  }

  /** Takes in an entry that this instance has just written. */
  add({ kind, subject, at, until }: RevocationEntry): void {
    if (kind === 'token') {
      this.tokens.set(subject, until);
      return;
    }
    const known = this.groups[kind].get(subject);
    this.groups[kind].set(subject, {
      at: Math.max(at, known?.at ?? 0),
      until: Math.max(until, known?.until ?? 0),
    });
  }

  /** Takes in a grant that this instance has just revoked. */
  addGrant({ grantId, revokedAt }: RevokedGrant): void {
    this.grants.set(grantId, revokedAt + this.config.accessTokenLifetimeMs + DAY_MS);
  }

  /** @throws {StorageUnavailableError} when it cannot know */
  async isRevoked(token: RevocableToken): Promise<boolean> {
    if (this.config.revocation === 'strict') {
      return this.repository.isRevoked({
        jti: token.jti,
        grantId: token.grant_id,
        clientIdHash: sha256Hex(token.client_id),
        userIdHash: sha256Hex(token.sub),
        grantCreatedAt: token.grant_created_at,
      });
    }
    if (performance.now() - this.lastPollAt > this.config.revocationMaxStalenessMs) await this.overduePoll();
    return (
      this.tokens.has(token.jti) ||
      this.grants.has(token.grant_id) ||
      this.isGroupRevoked('client', token.client_id, token.grant_created_at) ||
      this.isGroupRevoked('user', token.sub, token.grant_created_at)
    );
  }

  private isGroupRevoked(kind: 'client' | 'user', id: string, grantCreatedAt: number): boolean {
    const group = this.groups[kind];
    if (group.size === 0) return false;
    const killed = group.get(sha256Hex(id));
    return killed !== undefined && grantCreatedAt <= killed.at;
  }

  private async overduePoll(): Promise<void> {
    const tooLate = (): Error =>
      new StorageUnavailableError('The revocation log did not answer', { cause: undefined });
    await within(this.poll(), GUARD_PATIENCE_MS, tooLate);
  }

  /** One look at the log, shared by everybody who waits for one. */
  private poll(): Promise<void> {
    this.running ??= this.load().finally(() => (this.running = undefined));
    return this.running;
  }

  private async load(): Promise<void> {
    const startedAt = performance.now();
    const isFull = startedAt - this.lastReloadAt > FULL_RELOAD_MS;
    await this.clock.measure();
    const now = this.clock.now();
    const oldestRelevant = now - this.config.accessTokenLifetimeMs - DAY_MS;
    const since = isFull ? oldestRelevant : Math.max(oldestRelevant, this.readUntil - OVERLAP_MS);
    // An entry about a single token may be older than any access token of today's lifetime: a full load reads them all.
    const entries = await this.repository.entriesSince(isFull ? 0 : since);
    const grants = await this.repository.grantsRevokedSince(since);
    for (const entry of entries) this.add(entry);
    for (const grant of grants) this.addGrant(grant);
    // Not the newest entry: after many revocations at once and then none, each look would read all of them again.
    this.readUntil = Math.max(this.readUntil, now);
    this.prune(now);
    this.lastPollAt = startedAt;
    if (isFull) this.lastReloadAt = startedAt;
  }

  private prune(now: number): void {
    for (const map of [this.tokens, this.grants]) {
      for (const [key, until] of map) if (until < now) map.delete(key);
    }
    for (const group of Object.values(this.groups)) {
      for (const [key, { until }] of group) if (until < now) group.delete(key);
    }
  }

  private schedule(): void {
    if (this.stopped) return;
    // In strict mode the log is never read, but clocks drift and jump all the same.
    const look = (): Promise<void> =>
      this.config.revocation === 'strict' ? this.clock.measure() : this.poll();
    this.timer = setTimeout(() => {
      look()
        .catch(() => this.logger.error('The revocation log could not be read; trying again'))
        .finally(() => this.schedule());
    }, this.config.revocationPollIntervalMs);
    // Never what keeps a process alive.
    this.timer.unref();
  }
}
