import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OAuthError } from './oauth-error.js';
import type { HttpExchange } from './http-exchange.js';
import { parseBody, parseQuery } from './parameters.js';

describe('request parameters', () => {
  it('come back as a client encoded them', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((value) => !value.includes('\0') && value.isWellFormed());
    fc.assert(
      fc.property(fc.dictionary(text, text, { maxKeys: 20 }), (values) => {
        const parameters = parseQuery(new URLSearchParams(values).toString());
        for (const [name, value] of Object.entries(values)) {
          expect(parameters.get(name)).toBe(value === '' ? undefined : value);
        }
      }),
    );
  });

  it('are refused as an OAuth error or accepted, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (raw) => {
        try {
          parseQuery(raw);
        } catch (error) {
          expect(error).toBeInstanceOf(OAuthError);
        }
      }),
    );
  });

  it('must not be repeated, unless they may (RFC 6749, section 3.1)', () => {
    expect(() => parseQuery('a=1&a=2')).toThrow(/a must not be sent more than once/);
    expect(() => parseQuery('a=&a=')).toThrow(OAuthError);
    expect(parseQuery('a=1&a=2', { repeatable: ['a'] }).getAll('a')).toEqual(['1', '2']);
  });

  it('never become objects, and touch no prototype', () => {
    const parameters = parseQuery('__proto__=x&constructor[prototype]=y&a[b]=z');
    expect(parameters.get('a')).toBeUndefined();
    expect(parameters.get('a[b]')).toBe('z');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it.each(['a=%00', '%00=a', 'a=b%00c', 'a=%ed%a0%80', 'a=%ff', 'a=%c3%28', 'a=%', 'a=%zz'])(
    'hold no NUL and no broken character: %s',
    (raw) => {
      expect(() => parseQuery(raw)).toThrow(OAuthError);
    },
  );

  const body = (type: string, bytes: string): HttpExchange =>
    ({ headers: { 'content-type': type }, body: Buffer.from(bytes, 'latin1') }) as HttpExchange;

  it.each([
    ['application/x-www-form-urlencoded', 'a=\xff'],
    ['application/x-www-form-urlencoded', 'a=\xc3'],
    ['application/json', '{"a":"\xff"}'],
    ['application/json', '{"a":"\\u0000"}'],
    ['application/json', '{"a":"\\ud800"}'],
    ['application/json', '{"a":1}'],
    ['application/json', '{"a":["x"]}'],
    ['application/json', '{"a":{"toString":"x"}}'],
  ])('hold none in a body of %s either: %j', (type, bytes) => {
    expect(() => parseBody(body(type, bytes), { json: true })).toThrow(OAuthError);
  });
});
