import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import type { BetterSqlite3DataSourceOptions } from 'typeorm/driver/better-sqlite3/BetterSqlite3DataSourceOptions.js';

const WRITES = /^\s*(insert|update|delete|replace|create|drop|alter)\b/i;

/**
 * libsql for TypeORM's `better-sqlite3` driver: it needs no compiler. libsql 0.5 loses later writes once one failed with
 * SQLITE_BUSY, so each write gets a transaction of its own, and it is its BEGIN that a busy database refuses.
 */
class GuardedLibsql extends Libsql {
  override prepare = ((sql: string) => {
    const statement = super.prepare(sql);
    if (!WRITES.test(sql)) return statement;
    for (const method of ['run', 'all', 'get'] as const) {
      const execute = statement[method].bind(statement) as (...parameters: unknown[]) => unknown;
      Object.assign(statement, {
        [method]: (...parameters: unknown[]) => this.alone(() => execute(...parameters)),
      });
    }
    return statement;
  }) as Libsql.Database['prepare'];

  private alone<Result>(write: () => Result): Result {
    if (this.inTransaction) return write();
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = write();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.inTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }
}

export function sqlite(file: string): BetterSqlite3DataSourceOptions {
  mkdirSync(dirname(file), { recursive: true });
  return {
    type: 'better-sqlite3',
    database: file,
    driver: GuardedLibsql,
    timeout: 100,
    prepareDatabase: (database: { exec(sql: string): void }) => database.exec('PRAGMA journal_mode = WAL'),
  };
}
