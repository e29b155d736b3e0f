import { Injectable } from '@nestjs/common';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { McpAuthClientEntity } from './client.entity.js';
import { Database } from './database.js';
import { McpAuthGrantEntity } from './grant.entity.js';
import { McpAuthRevocationEntity } from './revocation.entity.js';

const UNREDEEMED = 'g.revokedAt is null and g.codeRedeemedAt is null';
const REDEEMED = 'g.revokedAt is null and g.codeRedeemedAt is not null';
const REFRESHABLE = `${REDEEMED} and g.refreshExpiresAt > :now`;
const ACTIVE = `(${REFRESHABLE}) or (${REDEEMED} and g.refreshExpiresAt is null and g.codeRedeemedAt > :issuedAfter)`;

/** Counts over whole tables, one pass each. */
@Injectable()
export class StatisticsRepository {
  constructor(private readonly database: Database) {}

  clients(): Promise<Record<'total' | 'byOperator' | 'unused', number>> {
    return this.count(this.database.builder(McpAuthClientEntity, 'c'), {
      total: '1 = 1',
      byOperator: "c.registeredBy = 'operator'",
      unused: 'c.markedAt is not null',
    });
  }

  /** @param issuedAfter access tokens that were issued after this instant may be alive */
  grants(
    now: number,
    issuedAfter: number,
  ): Promise<
    Record<
      'activeCodes' | 'expiredCodes' | 'active' | 'redeemed' | 'revoked' | 'refreshable' | 'refreshTokens',
      number
    >
  > {
    const grants = this.database.builder(McpAuthGrantEntity, 'g').setParameters({ now, issuedAfter });
    return this.count(grants, {
      activeCodes: `${UNREDEEMED} and g.codeExpiresAt > :now`,
      expiredCodes: `${UNREDEEMED} and g.codeExpiresAt <= :now`,
      active: ACTIVE,
      redeemed: REDEEMED,
      revoked: 'g.revokedAt is not null',
      refreshable: REFRESHABLE,
      refreshTokens: `${REDEEMED} and g.refreshExpiresAt is not null`,
    });
  }

  /** How many people have an active grant. */
  async activeUsers(now: number, issuedAfter: number): Promise<number> {
    const [row] = await this.database.readQuery(
      this.database
        .builder(McpAuthGrantEntity, 'g')
        .select('count(distinct g.userIdHash)', 'users')
        .where(ACTIVE, { now, issuedAfter }),
    );
    return Number(row?.users);
  }

  /** Entries of the revocation log that may still kill a token. */
  revocations(now: number): Promise<Record<'token' | 'client' | 'user', number>> {
    const entries = this.database
      .builder(McpAuthRevocationEntity, 'r')
      .where('r.relevantUntil > :now', { now });
    return this.count(entries, {
      token: "r.kind = 'token'",
      client: "r.kind = 'client'",
      user: "r.kind = 'user'",
    });
  }

  private async count<Name extends string>(
    rows: SelectQueryBuilder<ObjectLiteral>,
    conditions: Record<Name, string>,
  ): Promise<Record<Name, number>> {
    rows.select([]);
    for (const [name, condition] of Object.entries(conditions)) {
      rows.addSelect(`sum(case when ${String(condition)} then 1 else 0 end)`, name);
    }
    const [row] = await this.database.readQuery(rows);
    // The sum over no row is null.
    return Object.fromEntries(
      Object.keys(conditions).map((name) => [name, Number(row?.[name] ?? 0)]),
    ) as Record<Name, number>;
  }
}
