import fc from 'fast-check';
import { hostileText, utf8 } from './hostile-text.js';

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
