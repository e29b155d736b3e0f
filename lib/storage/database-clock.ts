import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

/** Injection token of the {@link DatabaseClock}: a symbol, so that two copies of this package share one. */
export const DATABASE_CLOCK = Symbol.for('nestjs-mcp-auth:database-clock');

const EPOCH_MILLIS: Record<string, string> = {
  postgres: 'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now',
  // Not unix_timestamp(): it is an hour off when clocks go back.
  mysql: "select timestampdiff(microsecond, '1970-01-01 00:00:00', utc_timestamp(3)) div 1000 as now",
  sqlite: "select cast(round((julianday('now') - 2440587.5) * 86400000) as integer) as now",
};
const DIALECTS: Record<string, string> = {
  postgres: 'postgres',
  cockroachdb: 'postgres',
  'aurora-postgres': 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
  'aurora-mysql': 'mysql',
};

/**
 * The database's clock, as an offset to this machine's. Every instance compares instants on it, so instances whose own
 * clocks differ agree about expiry and grace.
 */
@Injectable()
export class DatabaseClock {
  private offset = 0;

  constructor(private readonly database: Database) {}

  /** Epoch milliseconds. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** Milliseconds by which the database's clock was ahead of this machine's when it was last measured. */
  get offsetMs(): number {
    return this.offset;
  }

  async measure(): Promise<void> {
    const dialect = DIALECTS[this.database.dataSource.options.type] ?? 'sqlite';
    const before = Date.now();
    const [row] = await this.database.readRaw(EPOCH_MILLIS[dialect] ?? '');
    const after = Date.now();
    const measured = Math.round(Number(row?.now) - (before + after) / 2);
    // A slow answer is a vague one: what is known stays, while the answer does not contradict it.
    const vagueness = (after - before) / 2;
    if (Math.abs(measured - this.offset) > vagueness) this.offset = measured;
  }
}
