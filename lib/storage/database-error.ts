import { QueryFailedError } from 'typeorm';
import { NotConnectedError } from './bounded-query.js';

/**
 * What a failed statement proves.
 *
 * - `duplicate`: a unique key exists already.
 * - `not_applied`: nothing happened and a repetition may succeed (deadlock, busy, no connection, time-out on the server).
 * - `refused`: nothing happened, and a repetition fails as well (read-only, disk full, missing table, wrong password).
 * - `ambiguous`: the connection broke or never answered; the statement may have been applied.
 */
export type DatabaseFailure = 'duplicate' | 'not_applied' | 'refused' | 'ambiguous';

const DUPLICATE = /^(23505|ER_DUP_ENTRY|SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE|ROWID))/;

const NOT_APPLIED = new Set([
  '40001',
  '40P01',
  '55P03',
  '57014',
  '53300',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_STATEMENT_TIMEOUT',
  'ER_QUERY_TIMEOUT',
]);

const SCHEMA_MISSING = new Set(['42P01', '42703', '3F000', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR']);

/** A server that says one of these is going away, or has lost sight of the statement. */
const AMBIGUOUS =
  /^(08|57P0|40003|ER_(SERVER_SHUTDOWN|NORMAL_SHUTDOWN|CONNECTION_KILLED|ERROR_DURING_COMMIT|NET_|(NEW_)?ABORTING_CONNECTION|UNKNOWN_ERROR))/;

/** An error that the database itself reports, as against one of the way to it. At least one digit: EPIPE is none. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;
const SQLITE_REFUSED = /^SQLITE_(ERROR|CONSTRAINT|FULL|READONLY|CANTOPEN|CORRUPT|NOTADB|PERM|AUTH)/;

/** Refusals to let anybody in that no patience changes: credentials, database name. */
const NOT_ADMITTED =
  /^(28|3D000|ER_(ACCESS_DENIED|DBACCESS_DENIED|BAD_DB|HOST_NOT_PRIVILEGED|HOST_IS_BLOCKED))/;

/** The code that the database or the driver gives, or the error's name: never a message, which may quote values. */
export function databaseErrorCode(error: unknown): string {
  if (error instanceof NotConnectedError) return `${error.name} (${databaseErrorCode(error.cause)})`;
  return codeOf(error) || (error instanceof Error ? error.name : 'error');
}

/** Whether a table or a column is not there. */
export function isSchemaMissing(error: unknown): boolean {
  return (
    SCHEMA_MISSING.has(codeOf(error)) ||
    (error instanceof Error && /no such (table|column)/.test(error.message))
  );
}

export function classifyDatabaseError(error: unknown): DatabaseFailure {
  if (error instanceof NotConnectedError) {
    return NOT_ADMITTED.test(codeOf(error.cause)) ? 'refused' : 'not_applied';
  }
  const code = codeOf(error);
  if (DUPLICATE.test(code)) return 'duplicate';
  // Extended codes such as SQLITE_BUSY_SNAPSHOT exist as well.
  if (NOT_APPLIED.has(code) || /^SQLITE_(BUSY|LOCKED)/.test(code)) return 'not_applied';
  if (AMBIGUOUS.test(code)) return 'ambiguous';
  const isServersOwn = SQLSTATE.test(code) || code.startsWith('ER_') || SQLITE_REFUSED.test(code);
  return isServersOwn || isSchemaMissing(error) ? 'refused' : 'ambiguous';
}

function codeOf(error: unknown): string {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return typeof source === 'object' && source !== null && 'code' in source ? String(source.code) : '';
}
