import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import type { AccessTokenClaims } from '../keys/access-token-claims.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { GrantRepository, type GrantCount } from '../storage/grant.repository.js';
import { sha256Hex } from '../storage/hash.js';
import type { RevocationEntry, RevocationKind } from '../storage/records.js';
import { RevocationRepository } from '../storage/revocation.repository.js';
import { RevocationFeed } from './revocation-feed.js';

const DAY_MS = 86_400_000;

/**
 * Ends tokens: stored first, then known to this instance at once and to the others with their next look at the log.
 *
 * @example
 * constructor(private readonly revocation: RevocationService) {}
 *
 * async onPasswordChanged(user: User) {
 *   await this.revocation.revokeUser(user.id);
 * }
 */
@Injectable()
export class RevocationService {
  /** @internal */
  constructor(
    private readonly grants: GrantRepository,
    private readonly revocations: RevocationRepository,
    private readonly feed: RevocationFeed,
    private readonly clock: DatabaseClock,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /**
   * Ends one access token; its grant lives on.
   *
   * @internal
   */
  async revokeToken(claims: AccessTokenClaims): Promise<void> {
    await this.append('token', claims.jti, this.clock.now(), claims.exp * 1000 + DAY_MS);
    this.audit.record({
      type: 'token.revoked',
      message: 'Access token revoked',
      clientId: claims.client_id,
      userId: claims.sub,
      grantId: claims.grant_id,
    });
  }

  /** Ends a grant with every token that came from it. */
  async revokeGrant(grant: { id: string; clientId: string; userId: string }, reason: string): Promise<void> {
    const now = this.clock.now();
    const revoked = await this.grants.revoke({ grantId: grant.id, now, reason });
    this.feed.addGrant({ grantId: grant.id, revokedAt: now });
    if (!revoked) return;
    this.audit.record({
      type: 'grant.revoked',
      message: 'Grant revoked',
      clientId: grant.clientId,
      userId: grant.userId,
      grantId: grant.id,
      reason,
    });
  }

  /** Ends everything that was granted to a client until now. Answers how many grants that were. */
  revokeClient(clientId: string, reason = 'client_revoked'): Promise<number> {
    return this.revokeAll('client', clientId, reason);
  }

  /** Ends everything that a user granted until now. Answers how many grants that were. */
  revokeUser(userId: string, reason = 'user_revoked'): Promise<number> {
    return this.revokeAll('user', userId, reason);
  }

  /** How much {@link revokeClient} would end. Changes nothing. */
  countClient(clientId: string): Promise<GrantCount> {
    return this.grants.countOf({ kind: 'client', subject: sha256Hex(clientId) });
  }

  /** How much {@link revokeUser} would end. Changes nothing. */
  countUser(userId: string): Promise<GrantCount> {
    return this.grants.countOf({ kind: 'user', subject: sha256Hex(userId) });
  }

  private async revokeAll(kind: 'client' | 'user', id: string, reason: string): Promise<number> {
    const at = this.clock.now();
    const subject = sha256Hex(id);
    // The entry first: it kills the tokens even when this process dies before the grants are marked.
    await this.append(kind, subject, at, at + this.config.accessTokenLifetimeMs + DAY_MS);
    const count = await this.grants.revokeCreatedUntil({ kind, subject, at, now: at, reason });
    this.audit.record({
      type: 'grant.revoked',
      message: `${count} grants of a ${kind} revoked`,
      ...(kind === 'client' ? { clientId: id } : { userId: id }),
      reason,
    });
    return count;
  }

  private async append(kind: RevocationKind, subject: string, at: number, until: number): Promise<void> {
    const entry: RevocationEntry = { id: randomUUID(), kind, subject, at, until };
    await this.revocations.append(entry);
    this.feed.add(entry);
  }
}
