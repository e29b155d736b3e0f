import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DataSource,
  type EntityTarget,
  type ObjectLiteral,
  type QueryBuilder,
  type SelectQueryBuilder,
} from 'typeorm';
import { boundedQuery } from './bounded-query.js';
import type { CompiledStatement, StatementValue } from './compiled-statement.js';
import { MCP_AUTH_DATA_SOURCE } from './data-source.token.js';
import { classifyDatabaseError, databaseErrorCode, isSchemaMissing } from './database-error.js';
import { MCP_AUTH_ENTITIES } from './entities.js';
import { StorageUnavailableError } from './storage-unavailable.error.js';
import { unknownEntitiesError } from './unknown-entities.error.js';

const RETRY_DEADLINE_MS = 2000;
/** For a statement that touches a row or a few: one that takes longer waits for something. */
const STATEMENT_LIMIT_MS = 5000;
/** For a statement that may touch very many rows. */
export const BULK_STATEMENT_LIMIT_MS = 60_000;

/** A row as the driver hands it out. */
export type Row = Record<string, unknown>;

/** A unique key exists already. */
export class DuplicateKeyError extends Error {
  override readonly name = 'DuplicateKeyError';
}

/**
 * Runs single statements: no transaction, no entity manager. Always on the primary, since a stale replica would make an
 * honest client look like a replay.
 */
@Injectable()
export class Database {
  private readonly logger = new Logger('McpAuth');

  constructor(@Inject(MCP_AUTH_DATA_SOURCE) readonly dataSource: DataSource) {}

  /** The rows that a statement reads. A read whose connection broke is repeated once. */
  async read<P extends string>(
    statement: CompiledStatement<P>,
    values: Record<P, StatementValue>,
    limitMs = STATEMENT_LIMIT_MS,
  ): Promise<Row[]> {
    const result = await this.run(statement.sql, statement.bind(values), true, limitMs);
    return result.records;
  }

  /**
   * The number of rows that a statement changed.
   *
   * @throws {DuplicateKeyError}
   * @throws {StorageUnavailableError} when the statement was not applied, or nobody knows whether it was
   */
  async write<P extends string>(
    statement: CompiledStatement<P>,
    values: Record<P, StatementValue>,
    limitMs = STATEMENT_LIMIT_MS,
  ): Promise<number> {
    const result = await this.run(statement.sql, statement.bind(values), false, limitMs);
    return result.affected;
  }

  /** The rows that a builder's statement reads: for statements that are too rare to be compiled once. */
  async readQuery(query: QueryBuilder<ObjectLiteral>): Promise<Row[]> {
    const [sql, values] = query.getQueryAndParameters();
    return (await this.run(sql, values as StatementValue[], true, BULK_STATEMENT_LIMIT_MS)).records;
  }

  /** The number of rows that a builder's statement changed. */
  async writeQuery(query: QueryBuilder<ObjectLiteral>): Promise<number> {
    const [sql, values] = query.getQueryAndParameters();
    return (await this.run(sql, values as StatementValue[], false, BULK_STATEMENT_LIMIT_MS)).affected;
  }

  /** For the few statements that no builder can spell. */
  async readRaw(sql: string): Promise<Row[]> {
    return (await this.run(sql, [], true, STATEMENT_LIMIT_MS)).records;
  }

  builder<T extends ObjectLiteral>(entity: EntityTarget<T>, alias: string): SelectQueryBuilder<T> {
    return this.dataSource.createQueryBuilder(entity, alias);
  }

  /**
   * Checks that the DataSource knows the entities and the database has the tables.
   *
   * @throws {Error} saying what to add
   */
  async assertReady(): Promise<void> {
    const unknown = MCP_AUTH_ENTITIES.filter((entity) => !this.dataSource.hasMetadata(entity));
    if (unknown.length > 0) throw unknownEntitiesError();
    for (const entity of MCP_AUTH_ENTITIES) {
      try {
        // Every column is named, no row is read; on the primary, since a replica may be a migration behind.
        const sql = this.builder(entity, 't').where('1 = 0').getQuery();
        await boundedQuery(this.dataSource, sql, [], STATEMENT_LIMIT_MS);
      } catch (error) {
        if (!isSchemaMissing(error)) throw error;
        const { tablePath } = this.dataSource.getMetadata(entity);
        throw new Error(
          `Table ${tablePath} is missing or out of date: run the migrations of nestjs-mcp-auth ` +
            '(add `...MCP_AUTH_MIGRATIONS` to the `migrations` of the DataSource and run them)',
          { cause: error },
        );
      }
    }
  }

  private async run(
    sql: string,
    values: StatementValue[],
    repeatable: boolean,
    limitMs: number,
  ): Promise<{ records: Row[]; affected: number }> {
    const deadline = performance.now() + RETRY_DEADLINE_MS;
    let readsLeft = repeatable ? 1 : 0;
    for (;;) {
      try {
        return normalise(await boundedQuery(this.dataSource, sql, values, limitMs));
      } catch (error) {
        const failure = classifyDatabaseError(error);
        if (failure === 'duplicate') throw new DuplicateKeyError();
        const isInTime = performance.now() < deadline;
        const again = isInTime && (failure === 'not_applied' || (failure === 'ambiguous' && readsLeft-- > 0));
        if (!again) {
          // Messages of databases quote values; codes do not.
          this.logger.error(`Database statement failed (${failure}): ${databaseErrorCode(error)}`);
          throw new StorageUnavailableError(`The database did not answer (${failure})`, { cause: error });
        }
        await delay(10 + Math.random() * 20);
      }
    }
  }
}

function normalise(result: unknown): { records: Row[]; affected: number } {
  const { records, affected } = result as { records?: Row[]; affected?: number | null };
  return { records: records ?? [], affected: affected ?? 0 };
}
