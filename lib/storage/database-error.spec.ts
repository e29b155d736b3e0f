import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { NotConnectedError, StatementTimeoutError } from './bounded-query.js';
import { classifyDatabaseError, databaseErrorCode, isSchemaMissing } from './database-error.js';

const coded = (code: string, message = ''): Error => Object.assign(new Error(message), { code });
const failed = (code: string, message = ''): QueryFailedError =>
  new QueryFailedError('a statement', [], coded(code, message));
const notConnected = (cause: Error): NotConnectedError => new NotConnectedError('', { cause });

describe('what a failed statement proves', () => {
  it.each([
    ['23505', 'duplicate'],
    ['ER_DUP_ENTRY', 'duplicate'],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'duplicate'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'duplicate'],
    // Rolled back by the server: a repetition may succeed.
    ['40001', 'not_applied'],
    ['40P01', 'not_applied'],
    ['55P03', 'not_applied'],
    ['57014', 'not_applied'],
    ['53300', 'not_applied'],
    ['ER_LOCK_DEADLOCK', 'not_applied'],
    ['ER_LOCK_WAIT_TIMEOUT', 'not_applied'],
    ['ER_STATEMENT_TIMEOUT', 'not_applied'],
    ['SQLITE_BUSY', 'not_applied'],
    ['SQLITE_BUSY_SNAPSHOT', 'not_applied'],
    ['SQLITE_LOCKED', 'not_applied'],
    // Refused by the server: a repetition fails as well.
    ['25006', 'refused'],
    ['42P01', 'refused'],
    ['42501', 'refused'],
    ['53100', 'refused'],
    ['55000', 'refused'],
    ['ER_NO_SUCH_TABLE', 'refused'],
    ['ER_TABLEACCESS_DENIED_ERROR', 'refused'],
    ['ER_RECORD_FILE_FULL', 'refused'],
    ['ER_OPTION_PREVENTS_STATEMENT', 'refused'],
    ['SQLITE_FULL', 'refused'],
    ['SQLITE_READONLY_DBMOVED', 'refused'],
    ['SQLITE_CORRUPT', 'refused'],
    ['SQLITE_CONSTRAINT_NOTNULL', 'refused'],
    // The connection broke, or the server went away in the middle.
    ['57P01', 'ambiguous'],
    ['57P02', 'ambiguous'],
    ['57P03', 'ambiguous'],
    ['08006', 'ambiguous'],
    ['40003', 'ambiguous'],
    ['EPIPE', 'ambiguous'],
    ['ECONNRESET', 'ambiguous'],
    ['ETIMEDOUT', 'ambiguous'],
    ['PROTOCOL_CONNECTION_LOST', 'ambiguous'],
    ['ER_SERVER_SHUTDOWN', 'ambiguous'],
    ['ER_CONNECTION_KILLED', 'ambiguous'],
    ['ER_ERROR_DURING_COMMIT', 'ambiguous'],
    ['SQLITE_IOERR_FSYNC', 'ambiguous'],
    ['', 'ambiguous'],
  ])('%s: %s', (code, failure) => {
    expect(classifyDatabaseError(failed(code))).toBe(failure);
  });

  it('knows a statement that was never sent from one that got no answer', () => {
    expect(classifyDatabaseError(notConnected(coded('ECONNREFUSED')))).toBe('not_applied');
    expect(classifyDatabaseError(notConnected(coded('ECONNRESET')))).toBe('not_applied');
    expect(classifyDatabaseError(notConnected(coded('57P03')))).toBe('not_applied');
    expect(classifyDatabaseError(notConnected(coded('ER_CON_COUNT_ERROR')))).toBe('not_applied');
    expect(classifyDatabaseError(notConnected(new Error('timeout exceeded when trying to connect')))).toBe(
      'not_applied',
    );
    expect(classifyDatabaseError(coded('ECONNREFUSED'))).toBe('ambiguous');
    expect(classifyDatabaseError(new Error('Connection terminated unexpectedly'))).toBe('ambiguous');
    expect(classifyDatabaseError(new StatementTimeoutError())).toBe('ambiguous');
    expect(classifyDatabaseError('not even an error')).toBe('ambiguous');
  });

  it.each(['28P01', '28000', '3D000', 'ER_ACCESS_DENIED_ERROR', 'ER_BAD_DB_ERROR'])(
    'does not knock again where it is not let in: %s',
    (code) => {
      expect(classifyDatabaseError(notConnected(coded(code)))).toBe('refused');
    },
  );

  it('tells a missing table or column from whatever else is refused', () => {
    expect(isSchemaMissing(failed('42P01'))).toBe(true);
    expect(isSchemaMissing(failed('ER_BAD_FIELD_ERROR'))).toBe(true);
    expect(isSchemaMissing(failed('SQLITE_ERROR', 'no such column: x'))).toBe(true);
    expect(isSchemaMissing(failed('42501'))).toBe(false);
  });

  it('is logged by its code, never by its message', () => {
    expect(databaseErrorCode(failed('23502', 'null value in row (a-secret)'))).toBe('23502');
    expect(databaseErrorCode(notConnected(coded('ECONNREFUSED')))).toBe('NotConnectedError (ECONNREFUSED)');
    expect(databaseErrorCode(new Error('a-secret'))).toBe('Error');
  });
});
