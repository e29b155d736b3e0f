import { describe, expect, it } from '@jest/globals';
import { sourceOfTest } from '../support/watched.js';
import { ATTACKS, CATALOGUE, NOT_HERE_YET } from './attack-table.js';
import { INVARIANTS } from './invariant-table.js';

const numbers = (ids: Iterable<string>): number[] => [...new Set(ids)].map(Number).sort((a, b) => a - b);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('the attacks that this server must withstand', () => {
  it('have a line each, or a reason why not yet', () => {
    const covered = ATTACKS.map(([id]) => id);
    expect(numbers([...covered, ...NOT_HERE_YET.map(([id]) => id)])).toEqual(upTo(46));
  });

  it.each(ATTACKS)('%s, %s: watched by %s', (_id, _attack, file, test) => {
    expect(sourceOfTest(file)).toContain(test);
  });

  it.each(CATALOGUE)('%s, %s: watched by %s', (_id, _attack, file, test) => {
    expect(sourceOfTest(file)).toContain(test);
  });
});

describe('the invariants of the design', () => {
  it('have a line each', () => {
    expect(numbers(INVARIANTS.map(([id]) => id))).toEqual(upTo(10));
  });

  it.each(INVARIANTS)('%s, %s: watched by %s', (_id, _invariant, file, test) => {
    expect(sourceOfTest(file)).toContain(test);
  });
});
