import fc from 'fast-check';
import { MARKUP, SECRET_NAMES } from './material.js';

/** Text as the bytes of its UTF-8, one character each. */
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

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

export type Fields = readonly (readonly [name: string, value: string])[];
type Mutation = (fields: Fields) => Fields;

/** One thing about a form that is otherwise right. */
const mutation: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.constantFrom('replace', 'replace', 'replace', 'drop', 'duplicate', 'repeat', 'rename', 'add'),
    fc.nat(),
    hostileText,
    fc.constantFrom('[]', '[0]', '[__proto__]', '[constructor][prototype]', '.x', ' ', '\0', MARKUP),
    fc.constantFrom(
      '__proto__',
      'constructor[prototype][x]',
      'client_secret',
      'approved',
      'scope',
      'request',
      'request_uri',
      'dpop_jkt',
      'nonce',
      'max_age',
      'resource',
      'access_token',
      '',
    ),
  )
  .map(([kind, at, value, suffix, added]): Mutation => (fields) => {
    const index = fields.length === 0 ? 0 : at % fields.length;
    const [name, old] = fields[index] ?? ['x', 'x'];
    const changed: Fields =
      {
        replace: [[name, value] as const],
        drop: [],
        duplicate: [[name, old] as const, [name, value] as const],
        repeat: [[name, old] as const, [name, old] as const],
        rename: [[`${name}${suffix}`, old] as const],
        add: [[name, old] as const, [added, value] as const],
      }[kind] ?? [];
    return [...fields.slice(0, index), ...changed, ...fields.slice(index + 1)];
  });

export function mutated(fields: Fields): fc.Arbitrary<Fields> {
  return fc
    .array(mutation, { maxLength: 3 })
    .map((mutations) => mutations.reduce((current, mutate) => mutate(current), fields));
}

export function form(fields: Fields): fc.Arbitrary<string> {
  return fc
    .tuple(...fields.map(([name, value]) => fc.tuple(urlencoded(name), urlencoded(value))))
    .map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
}

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** A member's value where a string is expected. */
const oddJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    '0',
    '-0',
    '1e400',
    '[]',
    '{}',
    '[null]',
    '[[["x"]]]',
    '{"__proto__":{"x":1}}',
    '"\\ud800"',
    '"\\u0000"',
    nested(3000),
    '{"toString":1}',
    '"',
  ),
  fc.json({ maxDepth: 3 }).map(utf8),
);

/** The same fields as a JSON object, with members of wrong types among them. */
export function jsonObject(fields: Fields): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.array(fc.tuple(fc.nat(), oddJson), { maxLength: 2 }),
      fc.constantFrom(
        '',
        '',
        '',
        '"__proto__":{"client_id":"x"}',
        '"constructor":{"prototype":{"x":1}}',
        '"a":1,"a":2',
      ),
      fc.constantFrom('{', '{', '{', '{', '[', ''),
      fc.boolean(),
    )
    .map(([odd, extra, open, isCut]) => {
      const members = fields.map(([name, value], index) => {
        const replacement = odd.find(([at]) => fields.length > 0 && at % fields.length === index)?.[1];
        return `${utf8(JSON.stringify(name))}:${replacement ?? (/^[[{]/.test(value) && !value.startsWith('{{') ? value : utf8(JSON.stringify(value)))}`;
      });
      const text = [...members, extra].filter(Boolean).join(',');
      return `${open}${text}${isCut && odd.length > 1 ? '' : '}'}`;
    });
}

const header = (name: string, ...values: string[]): fc.Arbitrary<[string, string]> =>
  fc.tuple(
    fc.constant(name),
    fc.oneof(
      fc.constantFrom(...values),
      hostileText.map((text) => utf8(text).replaceAll(/[\r\n\0]/g, '')),
    ),
  );

/** Headers that change how a request is read, or would be in some server. */
export const hostileHeader: fc.Arbitrary<[string, string]> = fc.oneof(
  header(
    'Authorization',
    'Basic {{basic}}',
    'Basic',
    'Basic %%%',
    'Basic eDp5',
    'basic  eDp5==',
    'Bearer {{access}}',
    'Bearer {{idToken}}',
    'Bearer {{refresh}}',
    'Bearer ',
    'Bearer a b',
    'DPoP {{access}}',
    `Bearer ${'a'.repeat(9000)}`,
  ),
  header(
    'Cookie',
    '{{cookie}}',
    'test_user=mallory',
    'mcp-auth-browser=x; mcp-auth-browser=y',
    ';;;=;=',
    '__proto__=x',
  ),
  header('Content-Encoding', 'gzip', 'br', 'identity', 'IDENTITY', 'deflate, gzip', 'x'),
  header('Accept', '*/*', 'text/html', 'application/json;q=0', ';;'),
  header('Origin', 'https://evil.example', 'null', '{{base}}'),
  header('Host', 'evil.example', 'localhost:1', '', 'a b'),
  header('X-Forwarded-Host', 'evil.example'),
  header('X-Forwarded-Proto', 'https', 'javascript'),
  header('X-Forwarded-For', '127.0.0.1', '::1, x'),
  header('X-HTTP-Method-Override', 'DELETE', 'GET'),
  header('X-Original-URL', '/mcp/api/whoami'),
  header('Expect', '100-continue', 'x'),
  header('Connection', 'close', 'Upgrade', 'Authorization'),
  header('Upgrade', 'h2c', 'websocket'),
  header('TE', 'trailers'),
  header('Range', 'bytes=0-0'),
  header('If-None-Match', '*'),
  header('Sec-Fetch-Site', 'cross-site', 'same-origin'),
  header('Access-Control-Request-Method', 'POST', 'DELETE'),
  header('MCP-Protocol-Version', '2025-06-18'),
  header('DPoP', 'eyJ.eyJ.x'),
  header('__proto__', 'x'),
  header('constructor', 'x'),
  header('X-Long', 'x'.repeat(11_000), 'x'.repeat(20_000)),
  header('Bad Name', 'x'),
  header('X-Fold', 'a\r\n b', 'a\rb'),
);

export const contentType: fc.Arbitrary<string> = fc.constantFrom(
  'application/x-www-form-urlencoded; charset=utf-16',
  'APPLICATION/X-WWW-FORM-URLENCODED',
  'application/json; charset=latin1',
  'application/json;;;',
  'application/vnd.api+json',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'text/plain',
  'text/xml',
  'application/octet-stream',
  '/',
  ';',
  '\xff',
  'a'.repeat(3000),
  '',
);

/** Spellings of a path: some are the endpoint for one router and not for another. */
export function spellings(path: string): fc.Arbitrary<string> {
  const last = path.lastIndexOf('/') + 1;
  return fc.constantFrom(
    `${path}/`,
    `${path}//`,
    `/${path}`,
    path.toUpperCase(),
    `${path.slice(0, last)}%${path.charCodeAt(last).toString(16)}${path.slice(last + 1)}`,
    `http://localhost${path}`,
    `http://evil.example${path}`,
    `https://evil.example:99999${path}`,
    `${path};x=1`,
    `${path}#x`,
    `${path}%00`,
    `${path}%`,
    `${path}/..`,
    `/x/..${path}`,
    path.replaceAll('/', '\\'),
    `${path}/${'a'.repeat(3000)}`,
    `${path}/%zz/%2e%2e`,
    `${path}/__proto__/constructor`,
    '*',
    '/',
  );
}
