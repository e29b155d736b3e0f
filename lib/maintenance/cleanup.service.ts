import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { CleanupRepository, type CleanupInstants } from '../storage/cleanup.repository.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { LeaseRepository } from '../storage/lease.repository.js';

const DAY_MS = 86_400_000;
const LEASE = 'cleanup';
const LEASE_MS = 10 * 60_000;

/** How many rows a cleanup removed. */
export interface CleanupResult {
  /** Authorizations with their codes and refresh tokens. */
  grants: number;
  /** Entries of the revocation log. */
  revocations: number;
  /** Clients that registered themselves and were never used. */
  clients: number;
}

/** How far a cleanup has come, in rows. What dies meanwhile is not in `total`. */
export interface CleanupProgress {
  /** Removed so far. */
  done: number;
  /** To be removed when it began. */
  total: number;
}

/** How a cleanup is run. */
export interface CleanupRun {
  /** Called before the first batch and after each one. */
  onProgress?: (progress: CleanupProgress) => void;
  /** Ends the cleanup after the batch that is under way. */
  signal?: AbortSignal;
}

type Batch = (limit: number) => Promise<number>;

/**
 * Removes rows that can no longer matter: in batches, on one instance at a time. A client is marked when it is first seen
 * without a grant and deleted in a later run, if nobody has used it since. Clients of the operator stay.
 *
 * @example
 * const { grants } = await cleanup.preview();
 * await cleanup.run({ onProgress: ({ done, total }) => console.log(`${done} of ${total}`) });
 */
@Injectable()
export class CleanupService {
  /** @internal */
  constructor(
    private readonly repository: CleanupRepository,
    private readonly leases: LeaseRepository,
    private readonly clock: DatabaseClock,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** Cleans up now. Null when another run is at it, here or on another instance. */
  async run(options: CleanupRun = {}): Promise<CleanupResult | null> {
    const holder = randomUUID();
    if (!(await this.holdLease(holder))) return null;
    try {
      const result = await this.cleanUp(holder, options);
      this.audit.record({
        type: 'cleanup.finished',
        message: `Cleanup removed ${result.grants} grants, ${result.revocations} revocations, ${result.clients} clients`,
      });
      return result;
    } finally {
      await this.leases.release(LEASE, holder, this.clock.now());
    }
  }

  /** What a cleanup would remove now. Changes nothing. */
  preview(): Promise<CleanupResult> {
    return this.repository.countRemovable(this.instants(this.clock.now()));
  }

  /** How many grants and log entries a cleanup would have removed at `at` already, and that are still there. */
  async countOverdue(at: number): Promise<number> {
    const { grants, revocations } = await this.repository.countRemovable(this.instants(at));
    return grants + revocations;
  }

  /** When a cleanup last ended, on any instance, in epoch milliseconds; in the future while one runs; null for never. */
  lastRun(): Promise<number | null> {
    return this.leases.endOf(LEASE);
  }

  private async cleanUp(holder: string, { onProgress, signal }: CleanupRun): Promise<CleanupResult> {
    const now = this.clock.now();
    const { expiredBefore, issuedBefore, markedBefore } = this.instants(now);
    const progress = { done: 0, total: onProgress ? totalOf(await this.preview()) : 0 };
    onProgress?.({ ...progress });
    const inBatches = (batch: Batch): Promise<number> => this.inBatches(holder, batch, signal);
    const removed = (batch: Batch): Promise<number> =>
      inBatches(async (limit) => {
        const count = await batch(limit);
        progress.done += count;
        onProgress?.({ ...progress });
        return count;
      });

    const { repository } = this;
    const grants =
      (await removed((limit) => repository.deleteUnredeemedGrants(expiredBefore, limit))) +
      (await removed((limit) => repository.deleteExpiredGrants(expiredBefore, issuedBefore, limit))) +
      (await removed((limit) => repository.deleteGrantsWithoutRefresh(issuedBefore, limit))) +
      (await removed((limit) => repository.deleteRevokedGrants(issuedBefore, limit)));
    const revocations = await removed((limit) => repository.deleteExpiredRevocations(expiredBefore, limit));
    await inBatches((limit) => repository.unmarkUsedClients(limit));
    const clients = await removed((limit) => repository.deleteMarkedClients(markedBefore, limit));
    let after = '';
    await inBatches(async (limit) => {
      const { count, last } = await repository.markUnusedClients(now, expiredBefore, limit, after);
      after = last;
      return count;
    });
    return { grants, revocations, clients };
  }

  /** A day more than needed: nothing is won by being exact, and clocks are not. */
  private instants(now: number): CleanupInstants {
    const expiredBefore = now - DAY_MS;
    return {
      expiredBefore,
      issuedBefore: expiredBefore - this.config.accessTokenLifetimeMs,
      markedBefore: now - this.config.cleanup.unusedClientLifetimeMs,
    };
  }

  private async inBatches(holder: string, batch: Batch, signal?: AbortSignal): Promise<number> {
    const { batchSize } = this.config.cleanup;
    let total = 0;
    while (!signal?.aborted) {
      const count = await batch(batchSize);
      total += count;
      if (count < batchSize || !(await this.holdLease(holder))) break;
      // An embedded database answers without letting go: requests and signals get their turn here.
      await eventLoopTurn();
    }
    return total;
  }

  /** Takes the lease, or keeps it while the work goes on. */
  private async holdLease(holder: string): Promise<boolean> {
    return this.leases.acquire(LEASE, holder, this.clock.now(), LEASE_MS);
  }
}

function totalOf({ grants, revocations, clients }: CleanupResult): number {
  return grants + revocations + clients;
}
