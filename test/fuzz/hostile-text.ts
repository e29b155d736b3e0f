import fc from 'fast-check';
import { MARKUP, SECRET_NAMES } from './material.js';

/** Text as the bytes of its UTF-8, one character each. */
export const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const PLACEHOLDERS = [...SECRET_NAMES, 'client', 'confidential', 'redirect', 'resource', 'challenge', 'base'];

/** Values that once broke something somewhere. */
const CLASSICS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\r\nSet-Cookie: fuzz=1',
  MARKUP,
  `"'>${MARKUP}`,
  `{{#with "s"}}${MARKUP}{{/with}}`,
  `' or '1'='1' --`,
  '"; drop table mcp_auth_clients; --',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'null',
  'undefined',
  'true',
  '-1',
  '1e309',
  '99999999999999999999',
  'NaN',
  '[object Object]',
  '../../../../etc/passwd',
  'javascript:fuzz()//',
  'https://evil.example/',
  'http://localhost:7777/callback#x',
  'http://localhost:1/callback',
  'http://localhost:7777\\@evil.example/callback',
  'none',
  'none login',
  'plain',
  'S256',
  'code',
  'code token',
  'form_post',
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'openid',
  'mcp:read mcp:write admin',
  '\u202e\u200b\u2066',
  '💥',
  '\u0000\uffff',
  'İ',
  'ß'.repeat(300),
  'a'.repeat(5000),
  'é'.repeat(3000),
];

const placeholder = fc.constantFrom(...PLACEHOLDERS).map((name) => `{{${name}}}`);

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...CLASSICS) },
  { weight: 3, arbitrary: placeholder },
  {
    weight: 2,
    arbitrary: placeholder.chain((text) =>
      fc.constantFrom(`${text}x`, `x${text}`, ` ${text}`, `${text}${text}`),
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
);

const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(/%7B%7B(\w+)%7D%7D/g, '{{$1}}');

const BROKEN_ENCODINGS = [
  '%',
  '%z',
  '%zz',
  '%c3%28',
  '%ed%a0%80',
  '%f8%88%80%80%80',
  '\xff\xfe',
  '%u0041',
  '+%2B',
  '&',
  '=',
  ';',
];

/** A value as it stands in a query or form: mostly well encoded, sometimes not at all. */
export function urlencoded(value: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 80, arbitrary: fc.constant(encoded(value)) },
    { weight: 1, arbitrary: fc.constant(utf8(value).replaceAll(/[\s&#]/g, '')) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...BROKEN_ENCODINGS).map((broken) => `${encoded(value)}${broken}`),
    },
  );
}
