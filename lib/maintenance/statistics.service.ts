import { Inject, Injectable } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { StatisticsRepository } from '../storage/statistics.repository.js';
import { CleanupService } from './cleanup.service.js';

/** Numbers of rows, as they are now. */
export interface Statistics {
  clients: {
    total: number;
    registeredByOperator: number;
    /** Seen without a grant by cleanup, which will delete them unless somebody uses them. */
    unused: number;
    /** In the module's `clients` option, beside the total. */
    inOptions: number;
  };
  /** Codes that were never redeemed. */
  authorizationCodes: { active: number; expired: number; total: number };
  /** Redeemed authorizations of a client by a user. */
  grants: { active: number; expired: number; revoked: number; total: number };
  /** The newest refresh token of each grant that has one. */
  refreshTokens: { active: number; expired: number; total: number };
  users: {
    /** With an active grant. */
    active: number;
  };
  /** What the revocation log still holds against access tokens; these are signed and not stored. */
  revocations: { accessTokens: number; clients: number; users: number };
  /** ISO 8601; null when no cleanup ever ran. */
  lastCleanup: string | null;
}

/**
 * Counts what is stored. Each table is read once, whole: nothing for every request.
 *
 * @example
 * const { grants } = await statistics.collect();
 * gauge.set(grants.active);
 */
@Injectable()
export class StatisticsService {
  constructor(
    private readonly repository: StatisticsRepository,
    private readonly cleanup: CleanupService,
    private readonly clock: DatabaseClock,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  async collect(): Promise<Statistics> {
    const now = this.clock.now();
    const issuedAfter = now - this.config.accessTokenLifetimeMs;
    const clients = await this.repository.clients();
    const grants = await this.repository.grants(now, issuedAfter);
    const revocations = await this.repository.revocations(now);
    const lastCleanup = await this.cleanup.lastRun();
    return {
      clients: {
        total: clients.total,
        registeredByOperator: clients.byOperator,
        unused: clients.unused,
        inOptions: this.config.clients.length,
      },
      authorizationCodes: {
        active: grants.activeCodes,
        expired: grants.expiredCodes,
        total: grants.activeCodes + grants.expiredCodes,
      },
      grants: {
        active: grants.active,
        expired: grants.redeemed - grants.active,
        revoked: grants.revoked,
        total: grants.redeemed + grants.revoked,
      },
      refreshTokens: {
        active: grants.refreshable,
        expired: grants.refreshTokens - grants.refreshable,
        total: grants.refreshTokens,
      },
      users: { active: await this.repository.activeUsers(now, issuedAfter) },
      revocations: {
        accessTokens: revocations.token,
        clients: revocations.client,
        users: revocations.user,
      },
      lastCleanup: lastCleanup === null ? null : new Date(Math.min(lastCleanup, now)).toISOString(),
    };
  }
}
