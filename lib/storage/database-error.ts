import { QueryFailedError } from 'typeorm';

/**
 * What a failed statement proves.
 *
 * - `duplicate`: a unique key exists already.
 * - `not_applied`: nothing happened and a repetition may succeed (deadlock, busy, time-out before the start).
 * - `refused`: nothing happened, and a repetition fails as well (read-only, missing table).
 * - `ambiguous`: the connection broke; the statement may have been applied.
 */
export type DatabaseFailure = 'duplicate' | 'not_applied' | 'refused' | 'ambiguous';

const DUPLICATE = new Set(['23505', 'ER_DUP_ENTRY']);
const NOT_APPLIED = new Set([
  '40001',
  '40P01',
  '55P03',
  '57014',
  '53300',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
]);
const REFUSED = new Set([
  '25006',
  '42P01',
  '42703',
  'ER_NO_SUCH_TABLE',
  'ER_BAD_FIELD_ERROR',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
]);

function codeOf(error: unknown): string {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return typeof source === 'object' && source !== null && 'code' in source ? String(source.code) : '';
}

export function classifyDatabaseError(error: unknown): DatabaseFailure {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  if (DUPLICATE.has(code) || /^SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE|ROWID)/.test(code)) return 'duplicate';
  // Extended codes such as SQLITE_BUSY_SNAPSHOT exist as well.
  if (NOT_APPLIED.has(code) || code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return 'not_applied';
  }
  if (REFUSED.has(code) || code.startsWith('SQLITE_READONLY') || /no such (table|column)/.test(message)) {
    return 'refused';
  }
  // Not a failed query at all: no connection could be had, so the statement was never sent.
  if (
    !(error instanceof QueryFailedError) &&
    /ECONNREFUSED|timeout exceeded when trying to connect|No connections available/.test(`${code} ${message}`)
  ) {
    return 'not_applied';
  }
  return 'ambiguous';
}
