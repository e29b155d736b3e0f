import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { challengeHeader } from './challenge.js';

/** Reads a challenge back, by the grammar of RFC 9110, section 11.6.1. */
function parse(header: string): Record<string, string> {
  expect(header).toMatch(/^Bearer /);
  const values: Record<string, string> = {};
  let rest = header.slice('Bearer '.length);
  while (rest !== '') {
    const match = /^([a-z_]+)="((?:[^"\\]|\\.)*)"(?:, |$)/.exec(rest);
    if (!match) throw new Error(`not a challenge: ${rest}`);
    values[match[1] ?? ''] = (match[2] ?? '').replace(/\\(.)/g, '$1');
    rest = rest.slice(match[0].length);
  }
  return values;
}

describe('a challenge', () => {
  it('can be read back, whatever its description says', () => {
    const printable = fc.stringMatching(/^[\x20-\x7e]{1,80}$/);
    fc.assert(
      fc.property(printable, (errorDescription) => {
        const challenge = { error: 'invalid_token', errorDescription, resourceMetadata: 'https://h/x' };
        expect(parse(challengeHeader(challenge))).toEqual({
          error: 'invalid_token',
          error_description: errorDescription,
          resource_metadata: 'https://h/x',
        });
      }),
    );
  });

  it('has the parameters that were given, each once, whatever they hold', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '\\"', '", scope="x', '\r\n', ''),
    );
    const challenge = fc.record(
      { error: text, errorDescription: text, scope: text, resourceMetadata: text },
      { requiredKeys: ['resourceMetadata'] },
    );
    const names = {
      error: 'error',
      errorDescription: 'error_description',
      scope: 'scope',
      resourceMetadata: 'resource_metadata',
    };
    fc.assert(
      fc.property(challenge, (values) => {
        const expected = Object.entries(values)
          .filter(([, value]) => value !== '')
          .map(([name, value]) => [names[name as keyof typeof names], value.replace(/[^\x20-\x7e]/g, '')]);
        const header = challengeHeader(values);
        expect(header).toMatch(/^[\x20-\x7e]*$/);
        fc.pre(expected.length > 0);
        expect(parse(header)).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 500 },
    );
  });

  it('cannot be broken out of by line breaks', () => {
    const header = challengeHeader({
      errorDescription: 'a\r\nSet-Cookie: x=y',
      resourceMetadata: 'https://h',
    });
    expect(header).not.toMatch(/[\r\n]/);
  });
});
