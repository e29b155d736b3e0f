import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { CleanupRepository } from '../storage/cleanup.repository.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { LeaseRepository } from '../storage/lease.repository.js';

const DAY_MS = 86_400_000;
const LEASE = 'cleanup';
const LEASE_MS = 10 * 60_000;

/** How many rows a cleanup removed. */
export interface CleanupResult {
  grants: number;
  revocations: number;
  clients: number;
}

/**
 * Removes rows that can no longer matter: in batches, on one instance at a time. A client is marked when it is first seen
 * without a grant and deleted in a later run, if nobody has used it since.
 */
@Injectable()
export class CleanupService {
  constructor(
    private readonly repository: CleanupRepository,
    private readonly leases: LeaseRepository,
    private readonly clock: DatabaseClock,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** Cleans up now. Null when another run is at it, here or on another instance. */
  async run(): Promise<CleanupResult | null> {
    const holder = randomUUID();
    if (!(await this.holdLease(holder))) return null;
    try {
      const result = await this.cleanUp(holder);
      this.audit.record({
        type: 'cleanup.finished',
        message: `Cleanup removed ${result.grants} grants, ${result.revocations} revocations, ${result.clients} clients`,
      });
      return result;
    } finally {
      await this.leases.release(LEASE, holder, this.clock.now());
    }
  }

  private async cleanUp(holder: string): Promise<CleanupResult> {
    const inBatches = (batch: (limit: number) => Promise<number>): Promise<number> =>
      this.inBatches(holder, batch);
    const now = this.clock.now();
    const { unusedClientLifetimeMs } = this.config.cleanup;
    // A day more than needed: nothing is won by being exact, and clocks are not.
    const expired = now - DAY_MS;
    const tokensDead = expired - this.config.accessTokenLifetimeMs;
    const grants =
      (await inBatches((limit) => this.repository.deleteUnredeemedGrants(expired, limit))) +
      (await inBatches((limit) => this.repository.deleteExpiredGrants(expired, tokensDead, limit))) +
      (await inBatches((limit) => this.repository.deleteGrantsWithoutRefresh(tokensDead, limit))) +
      (await inBatches((limit) => this.repository.deleteRevokedGrants(tokensDead, limit)));
    const revocations = await inBatches((limit) => this.repository.deleteExpiredRevocations(expired, limit));
    await inBatches((limit) => this.repository.unmarkUsedClients(limit));
    const clients = await inBatches((limit) =>
      this.repository.deleteMarkedClients(now - unusedClientLifetimeMs, limit),
    );
    await inBatches((limit) => this.repository.markUnusedClients(now, expired, limit));
    return { grants, revocations, clients };
  }

  private async inBatches(holder: string, batch: (limit: number) => Promise<number>): Promise<number> {
    const { batchSize } = this.config.cleanup;
    let total = 0;
    for (;;) {
      const count = await batch(batchSize);
      total += count;
      if (count < batchSize || !(await this.holdLease(holder))) return total;
    }
  }

  /** Takes the lease, or keeps it while the work goes on. */
  private async holdLease(holder: string): Promise<boolean> {
    return this.leases.acquire(LEASE, holder, this.clock.now(), LEASE_MS);
  }
}
