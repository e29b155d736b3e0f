import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { classifyDatabaseError } from './database-error.js';

const failed = (code: string, message = ''): QueryFailedError =>
  new QueryFailedError('a statement', [], Object.assign(new Error(message), { code }));

describe('what a failed statement proves', () => {
  it.each([
    ['23505', 'duplicate'],
    ['ER_DUP_ENTRY', 'duplicate'],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'duplicate'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'duplicate'],
    ['40001', 'not_applied'],
    ['40P01', 'not_applied'],
    ['57014', 'not_applied'],
    ['53300', 'not_applied'],
    ['ER_LOCK_DEADLOCK', 'not_applied'],
    ['ER_LOCK_WAIT_TIMEOUT', 'not_applied'],
    ['SQLITE_BUSY', 'not_applied'],
    ['SQLITE_BUSY_SNAPSHOT', 'not_applied'],
    ['25006', 'refused'],
    ['42P01', 'refused'],
    ['ER_NO_SUCH_TABLE', 'refused'],
    ['SQLITE_READONLY_DBMOVED', 'refused'],
    ['57P01', 'ambiguous'],
    ['ECONNRESET', 'ambiguous'],
    ['PROTOCOL_CONNECTION_LOST', 'ambiguous'],
  ])('%s: %s', (code, failure) => {
    expect(classifyDatabaseError(failed(code))).toBe(failure);
  });

  it('knows a statement that was never sent from one whose connection broke', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(classifyDatabaseError(refused)).toBe('not_applied');
    expect(classifyDatabaseError(new Error('timeout exceeded when trying to connect'))).toBe('not_applied');
    expect(classifyDatabaseError(new Error('No connections available.'))).toBe('not_applied');
    expect(classifyDatabaseError(new Error('Connection terminated unexpectedly'))).toBe('ambiguous');
    expect(classifyDatabaseError(failed('ECONNREFUSED'))).toBe('ambiguous');
    expect(classifyDatabaseError('not even an error')).toBe('ambiguous');
  });
});
