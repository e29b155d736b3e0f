import type { Logger } from 'typeorm';

/** Keeps the statements that a DataSource runs. */
export class StatementRecorder implements Logger {
  seen: { sql: string; values: unknown[] }[] = [];

  logQuery(sql: string, values: unknown[] = []): void {
    this.seen.push({ sql, values });
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
