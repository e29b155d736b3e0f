import { Injectable } from '@nestjs/common';
import { McpAuthClientEntity } from './client.entity.js';
import { CLIENT_COLUMNS, toClientRecord } from './client-row.js';
import { CompiledStatement } from './compiled-statement.js';
import { BULK_STATEMENT_LIMIT_MS, Database, DuplicateKeyError } from './database.js';
import { McpAuthGrantEntity } from './grant.entity.js';
import { GRANT_COLUMNS, NEW_GRANT_COLUMNS, toGrantRecord } from './grant-row.js';
import { sha256Hex } from './hash.js';
import { memoized } from './memoized.js';
import type { ClientRecord, GrantRecord, NewGrant } from './records.js';

/** Injection token of the {@link GrantRepository}: a symbol, so that two copies of this package share one. */
export const GRANT_REPOSITORY = Symbol.for('nestjs-mcp-auth:grant-repository');

/** A step of a grant that may happen once. */
interface GrantStep {
  grantId: string;
  clientId: string;
  now: number;
  /** Null when no refresh token is issued. */
  refreshExpiresAt: number | null;
}

/** Grants of a client or user. Those that are not revoked may have expired. */
export interface GrantCount {
  /** Rows, revoked ones included. */
  total: number;
  /** Those that a revocation would end. */
  unrevoked: number;
}

/** Grants. Every step is one conditional statement: whoever changes the row has won, on every database. */
@Injectable()
export class GrantRepository {
  constructor(private readonly database: Database) {}

  /** False when a grant of this id exists already. */
  async insert(grant: NewGrant): Promise<boolean> {
    try {
      await this.database.write(this.insertStatement(), {
        ...grant,
        clientIdHash: sha256Hex(grant.clientId),
        userIdHash: sha256Hex(grant.userId),
        resources: JSON.stringify(grant.resources),
        refreshGeneration: 0,
      });
      return true;
    } catch (error) {
      if (error instanceof DuplicateKeyError) return false;
      throw error;
    }
  }

  /** A grant and its client, which is null when the client is no row (pre-registered, or deleted). */
  async findWithClient(grantId: string): Promise<{ grant: GrantRecord; client: ClientRecord | null } | null> {
    const [row] = await this.database.read(this.findStatement(), { grantId });
    return row ? { grant: toGrantRecord(row), client: toClientRecord(row) } : null;
  }

  /** Spends the code. True for exactly one caller. */
  async redeem({ grantId, clientId, now, refreshExpiresAt }: GrantStep): Promise<boolean> {
    const affected = await this.database.write(this.redeemStatement(), {
      grantId,
      clientIdHash: sha256Hex(clientId),
      now,
      refreshExpiresAt,
      generation: refreshExpiresAt === null ? 0 : 1,
    });
    return affected === 1;
  }

  /** Spends a generation of the refresh token. True for exactly one caller. */
  async rotate({
    grantId,
    clientId,
    now,
    refreshExpiresAt,
    generation,
  }: GrantStep & { generation: number }): Promise<boolean> {
    const affected = await this.database.write(this.rotateStatement(), {
      grantId,
      clientIdHash: sha256Hex(clientId),
      generation,
      next: generation + 1,
      now,
      refreshExpiresAt,
    });
    return affected === 1;
  }

  /** True when this call revoked it. */
  async revoke({ grantId, now, reason }: { grantId: string; now: number; reason: string }): Promise<boolean> {
    return (await this.database.write(this.revokeStatement(), { grantId, now, reason })) === 1;
  }

  /** Revokes every grant of a client or user that was created at or before `at`. */
  async revokeCreatedUntil(selection: {
    kind: 'client' | 'user';
    /** Lower-case hex SHA-256 of the id. */
    subject: string;
    at: number;
    now: number;
    reason: string;
  }): Promise<number> {
    const { subject, at, now, reason } = selection;
    const values = { subject, at, now, reason };
    return this.database.write(this.revokeAllStatement[selection.kind](), values, BULK_STATEMENT_LIMIT_MS);
  }

  /** How many grants of a client or user are stored, and how many of these are not revoked. */
  async countOf(selection: {
    kind: 'client' | 'user';
    /** Lower-case hex SHA-256 of the id. */
    subject: string;
  }): Promise<GrantCount> {
    const [row] = await this.database.read(this.countStatement[selection.kind](), {
      subject: selection.subject,
    });
    return { total: Number(row?.total ?? 0), unrevoked: Number(row?.unrevoked ?? 0) };
  }

  private update() {
    return this.database.builder(McpAuthGrantEntity, 'g').update();
  }

  private readonly insertStatement = memoized(() =>
    CompiledStatement.compile(NEW_GRANT_COLUMNS, (values) =>
      this.database
        .builder(McpAuthGrantEntity, 'g')
        .insert()
        .into(McpAuthGrantEntity)
        .values(values)
        .updateEntity(false),
    ),
  );

  private readonly findStatement = memoized(() =>
    CompiledStatement.compile(['grantId'], (values) => {
      const query = this.database
        .builder(McpAuthGrantEntity, 'g')
        .leftJoin(McpAuthClientEntity, 'c', 'c.clientIdHash = g.clientIdHash')
        .select([]);
      for (const [property, alias] of Object.entries(GRANT_COLUMNS)) query.addSelect(`g.${property}`, alias);
      for (const [property, alias] of Object.entries(CLIENT_COLUMNS)) query.addSelect(`c.${property}`, alias);
      return query.where('g.id = :grantId', values);
    }),
  );

  private readonly redeemStatement = memoized(() =>
    CompiledStatement.compile(
      ['grantId', 'clientIdHash', 'now', 'refreshExpiresAt', 'generation'],
      ({ grantId, clientIdHash, now, refreshExpiresAt, generation }) =>
        this.update()
          .set({ codeRedeemedAt: now, refreshedAt: now, refreshGeneration: generation, refreshExpiresAt })
          .where('id = :grantId', { grantId })
          .andWhere('clientIdHash = :clientIdHash', { clientIdHash })
          .andWhere('codeRedeemedAt is null')
          .andWhere('codeExpiresAt > :now', { now })
          .andWhere('revokedAt is null'),
    ),
  );

  private readonly rotateStatement = memoized(() =>
    CompiledStatement.compile(
      ['grantId', 'clientIdHash', 'generation', 'next', 'now', 'refreshExpiresAt'],
      ({ grantId, clientIdHash, generation, next, now, refreshExpiresAt }) =>
        this.update()
          .set({ refreshGeneration: next, refreshedAt: now, refreshExpiresAt })
          .where('id = :grantId', { grantId })
          .andWhere('clientIdHash = :clientIdHash', { clientIdHash })
          .andWhere('refreshGeneration = :generation', { generation })
          .andWhere('refreshExpiresAt > :now', { now })
          .andWhere('revokedAt is null'),
    ),
  );

  private readonly revokeStatement = memoized(() =>
    CompiledStatement.compile(['grantId', 'now', 'reason'], ({ grantId, now, reason }) =>
      this.update()
        .set({ revokedAt: now, revokedReason: reason })
        .where('id = :grantId', { grantId })
        .andWhere('revokedAt is null'),
    ),
  );

  private readonly revokeAllStatement = {
    client: memoized(() => this.compileRevokeAll('clientIdHash')),
    user: memoized(() => this.compileRevokeAll('userIdHash')),
  };

  private readonly countStatement = {
    client: memoized(() => this.compileCount('clientIdHash')),
    user: memoized(() => this.compileCount('userIdHash')),
  };

  private compileCount(column: 'clientIdHash' | 'userIdHash') {
    return CompiledStatement.compile(['subject'], (values) =>
      this.database
        .builder(McpAuthGrantEntity, 'g')
        .select('count(*)', 'total')
        .addSelect('sum(case when g.revokedAt is null then 1 else 0 end)', 'unrevoked')
        .where(`g.${column} = :subject`, values),
    );
  }

  private compileRevokeAll(column: 'clientIdHash' | 'userIdHash') {
    return CompiledStatement.compile(['subject', 'at', 'now', 'reason'], ({ subject, at, now, reason }) =>
      this.update()
        .set({ revokedAt: now, revokedReason: reason })
        .where(`${column} = :subject`, { subject })
        .andWhere('createdAt <= :at', { at })
        .andWhere('revokedAt is null'),
    );
  }
}
