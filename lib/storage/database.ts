import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type EntityTarget, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import type { CompiledStatement, StatementValue } from './compiled-statement.js';
import { MCP_AUTH_DATA_SOURCE } from './data-source.token.js';
import { classifyDatabaseError } from './database-error.js';
import { MCP_AUTH_ENTITIES } from './entities.js';
import { StorageUnavailableError } from './storage-unavailable.error.js';
import { unknownEntitiesError } from './unknown-entities.error.js';

const RETRY_DEADLINE_MS = 2000;

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
  ): Promise<Row[]> {
    const result = await this.run(statement.sql, statement.bind(values), true);
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
  ): Promise<number> {
    const result = await this.run(statement.sql, statement.bind(values), false);
    return result.affected;
  }

  /** For statements that are too rare to be compiled once. */
  async readQuery(query: SelectQueryBuilder<ObjectLiteral>): Promise<Row[]> {
    const [sql, values] = query.getQueryAndParameters();
    return (await this.run(sql, values as StatementValue[], true)).records;
  }

  /** For the few statements that no builder can spell. */
  async readRaw(sql: string): Promise<Row[]> {
    return (await this.run(sql, [], true)).records;
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
        await this.runOnce(this.builder(entity, 't').where('1 = 0').getQuery(), []);
      } catch (error) {
        if (classifyDatabaseError(error) !== 'refused') throw error;
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
  ): Promise<{ records: Row[]; affected: number }> {
    const deadline = Date.now() + RETRY_DEADLINE_MS;
    let readsLeft = repeatable ? 1 : 0;
    for (;;) {
      try {
        return await this.runOnce(sql, values);
      } catch (error) {
        const failure = classifyDatabaseError(error);
        if (failure === 'duplicate') throw new DuplicateKeyError();
        const again =
          (failure === 'not_applied' && Date.now() < deadline) ||
          (failure === 'ambiguous' && readsLeft-- > 0);
        if (!again) {
          // The statement holds no value: those are bound, and stay out of the log.
          this.logger.error(
            `Database statement failed (${failure}): ${error instanceof Error ? error.name : 'error'}`,
          );
          throw new StorageUnavailableError(`The database did not answer (${failure})`, { cause: error });
        }
        await delay(10 + Math.random() * 20);
      }
    }
  }

  private async runOnce(
    sql: string,
    values: StatementValue[],
  ): Promise<{ records: Row[]; affected: number }> {
    const runner = this.dataSource.createQueryRunner('master');
    try {
      const result: unknown = await runner.query(sql, values, true);
      return normalise(result);
    } finally {
      await runner.release();
    }
  }
}

function normalise(result: unknown): { records: Row[]; affected: number } {
  const { records, affected } = result as { records?: Row[]; affected?: number | null };
  return { records: records ?? [], affected: affected ?? 0 };
}
