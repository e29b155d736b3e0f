import type { BetterSqlite3DataSourceOptions } from 'typeorm/driver/better-sqlite3/BetterSqlite3DataSourceOptions.js';
import { GuardedLibsql } from './libsql-driver.js';

/** SQLite through libsql, in WAL mode. A busy file is retried by the caller: waiting inside the driver blocks the process. */
export function sqliteOptions(file: string): BetterSqlite3DataSourceOptions {
  return {
    type: 'better-sqlite3',
    database: file,
    driver: GuardedLibsql,
    timeout: 100,
    prepareDatabase: (database: { exec(sql: string): void }) => database.exec('PRAGMA journal_mode = WAL'),
  };
}
