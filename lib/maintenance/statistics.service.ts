import { Inject, Injectable } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { StatisticsRepository } from '../storage/statistics.repository.js';
import { CleanupService } from './cleanup.service.js';

/** Clients, in numbers. */
export interface ClientCounts {
  /** Rows: those of the `clients` option are not among them. */
  total: number;
  /** Created by the operator in the database. */
  registeredByOperator: number;
  /** Seen without a grant by cleanup, which will delete them unless somebody uses them. */
  unused: number;
  /** In the module's `clients` option, beside the total. */
  inOptions: number;
}

/** What may be used, and what waits for cleanup. */
export interface LifetimeCounts {
  /** Good now. */
  active: number;
  /** Over. */
  expired: number;
  /** All of them. */
  total: number;
}

/** Grants, in numbers; the total includes the revoked ones. */
export interface GrantCounts extends LifetimeCounts {
  /** Ended before their time. */
  revoked: number;
}

/** What the revocation log still holds against access tokens. */
export interface RevocationCounts {
  /** Single tokens. */
  accessTokens: number;
  /** Everything of a client, until then. */
  clients: number;
  /** Everything of a user, until then. */
  users: number;
}

/** People, in numbers. */
export interface UserCounts {
  /** With an active grant. */
  active: number;
}

/** Numbers of rows, as they are now. */
export interface Statistics {
  /** Registered clients. */
  clients: ClientCounts;
  /** Codes that were never redeemed. */
  authorizationCodes: LifetimeCounts;
  /** Redeemed authorizations of a client by a user. */
  grants: GrantCounts;
  /** The newest refresh token of each grant that has one. */
  refreshTokens: LifetimeCounts;
  /** Users of clients. */
  users: UserCounts;
  /** Access tokens are signed and not stored; this is what they are checked against. */
  revocations: RevocationCounts;
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
  /** @internal */
  constructor(
    private readonly repository: StatisticsRepository,
    private readonly cleanup: CleanupService,
    private readonly clock: DatabaseClock,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** Counts now. */
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
