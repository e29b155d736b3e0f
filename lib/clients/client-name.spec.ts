import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanClientName } from './client-name.js';

describe('a client name as people see it', () => {
  it.each([
    ['Claude', 'Claude'],
    ['  Visual   Studio\tCode ', 'Visual Studio Code'],
    ['Claude\u202e exe.gpj', 'Claude exe.gpj'],
    ['Cla\u200bude\u0000\u001b[31m', 'Claude[31m'],
    ['日本語 ✨', '日本語 ✨'],
    ['e\u0301', 'é'],
    ['\u202e\u200b', 'MCP client'],
    ['', 'MCP client'],
    [undefined, 'MCP client'],
    [{ toString: (): string => 'x' }, 'MCP client'],
  ])('%j is %s', (name, shown) => {
    expect(cleanClientName(name)).toBe(shown);
  });

  it('is short, never empty, without anything invisible, and stays as it is when cleaned again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const cleaned = cleanClientName(name);
        expect([...cleaned].length).toBeLessThanOrEqual(100);
        expect(cleaned.trim()).not.toBe('');
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(cleanClientName(cleaned)).toBe(cleaned);
      }),
      { numRuns: 500 },
    );
  });
});
