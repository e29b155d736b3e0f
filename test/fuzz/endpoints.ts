import fc from 'fast-check';
import {
  contentType,
  form,
  hostileHeader,
  hostileText,
  jsonObject,
  mutated,
  spellings,
  urlencoded,
  type Fields,
} from './hostile.js';
import type { Framing, RawRequest } from './http-message.js';
import { MARKUP } from './material.js';

export interface FuzzedEndpoint {
  name: string;
  path: string;
  /** What its answers look like. */
  kind: 'machine' | 'page' | 'document' | 'resource';
  /** May repeat what the request said: a state, a client's metadata. */
  echoes: boolean;
  /** Whether its requests need codes and tokens of their own. */
  needsGrants: boolean;
  request: fc.Arbitrary<RawRequest>;
}

interface Template {
  method: string;
  query?: Fields;
  body?: Fields;
  bodyKind?: 'form' | 'json';
  headers?: [string, string][];
}

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'get',
  'BREW',
];
const ODD_FRAMINGS: Framing[] = ['short', 'both', 'twice', 'garbage', 'bad-chunk', 'te-gzip', 'none'];

const rawBody = fc.oneof(
  fc.constantFrom(
    '',
    '\0',
    '{',
    '&&&&',
    '='.repeat(500),
    'a&'.repeat(200),
    '{"a":'.repeat(9000),
    '['.repeat(60_000),
    '--x\r\nContent-Disposition: form-data; name="code"\r\n\r\nx\r\n--x--',
    '\xff\xfe\x00',
    '\xef\xbb\xbf{}',
    'x'.repeat(65_537),
    `client_name=${'x'.repeat(70_000)}`,
  ),
  fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 80,
  }),
);

function bodyOf({
  body,
  bodyKind = 'form',
}: Template): fc.Arbitrary<[type: string | undefined, body: string]> {
  if (!body)
    return fc.oneof(
      { weight: 9, arbitrary: fc.constant<[undefined, string]>([undefined, '']) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('application/json'), rawBody) },
    );
  const own = bodyKind === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
  const asForm = mutated(body).chain(form);
  const asJson = mutated(body).chain(jsonObject);
  const [fitting, other] = bodyKind === 'form' ? [asForm, asJson] : [asJson, asForm];
  return fc.oneof(
    { weight: 12, arbitrary: fc.tuple(fc.constant(own), fitting) },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constant(bodyKind === 'form' ? 'application/json' : 'application/x-www-form-urlencoded'),
        other,
      ),
    },
    { weight: 2, arbitrary: fc.tuple(fc.option(contentType, { nil: undefined }), fitting) },
    { weight: 2, arbitrary: fc.tuple(fc.option(fc.constant(own), { nil: undefined }), rawBody) },
  );
}

function queryOf({ query }: Template): fc.Arbitrary<string> {
  const junk = hostileText.chain(urlencoded).map((text) => `?${text.replaceAll(/[^\x21-\x7e]/g, '')}`);
  if (!query) return fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: junk });
  return mutated(query)
    .chain(form)
    .map((text) => `?${text.replaceAll(/[^\x21-\x7e]/g, '')}`);
}

function requestOf(path: string, template: Template): fc.Arbitrary<RawRequest> {
  return fc
    .record({
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant(template.method) },
        { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
      ),
      path: fc.oneof({ weight: 9, arbitrary: fc.constant(path) }, { weight: 1, arbitrary: spellings(path) }),
      query: queryOf(template),
      body: bodyOf(template),
      extra: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 2, arbitrary: fc.array(hostileHeader, { maxLength: 3 }) },
      ),
      withOwn: fc.oneof(
        { weight: 9, arbitrary: fc.constant(true) },
        { weight: 1, arbitrary: fc.constant(false) },
      ),
      framing: fc.oneof(
        { weight: 16, arbitrary: fc.constant<Framing>('length') },
        { weight: 3, arbitrary: fc.constantFrom<Framing>('chunked', 'trailers') },
        { weight: 1, arbitrary: fc.constantFrom(...ODD_FRAMINGS) },
      ),
    })
    .map(({ method, path: spelled, query, body: [type, body], extra, withOwn, framing }) => ({
      method,
      target: `${spelled}${query}`,
      headers: [
        ...(withOwn ? (template.headers ?? []) : []),
        ...(type === undefined ? [] : [['Content-Type', type] as [string, string]]),
        ...extra,
      ],
      body,
      framing: body === '' && template.body === undefined && framing === 'length' ? 'none' : framing,
    }));
}

const CODE: Fields = [
  ['grant_type', 'authorization_code'],
  ['code', '{{code}}'],
  ['redirect_uri', '{{redirect}}'],
  ['code_verifier', '{{verifier}}'],
  ['client_id', '{{client}}'],
];
const BASIC: [string, string][] = [['Authorization', 'Basic {{basic}}']];
const SIGNED_IN: [string, string][] = [['Cookie', 'test_user=alice; {{cookie}}']];
const BEARER: [string, string][] = [['Authorization', 'Bearer {{access}}']];
const AUTHORIZE: Fields = [
  ['response_type', 'code'],
  ['client_id', '{{client}}'],
  ['redirect_uri', '{{redirect}}'],
  ['code_challenge', '{{challenge}}'],
  ['code_challenge_method', 'S256'],
  ['state', `a-state ${MARKUP}`],
  ['scope', 'openid mcp:read mcp:write'],
  ['resource', '{{resource}}'],
  ['prompt', 'consent'],
  ['nonce', 'n'],
];
const REGISTRATION: Fields = [
  ['client_name', 'Fuzz'],
  ['redirect_uris', '["https://client.example/cb","cursor://x/cb"]'],
  ['grant_types', '["authorization_code","refresh_token"]'],
  ['response_types', '["code"]'],
  ['token_endpoint_auth_method', 'none'],
  ['scope', 'mcp:read'],
  ['client_uri', 'https://client.example/'],
  ['application_type', 'native'],
];

type Shape = Pick<FuzzedEndpoint, 'kind' | 'echoes' | 'needsGrants'>;
const MACHINE: Shape = { kind: 'machine', echoes: false, needsGrants: true };
const PAGE: Shape = { kind: 'page', echoes: true, needsGrants: true };
const DOCUMENT: Shape = { kind: 'document', echoes: false, needsGrants: false };

function endpoint(name: string, path: string, shape: Shape, ...templates: Template[]): FuzzedEndpoint {
  return {
    name,
    path,
    ...shape,
    request: fc.oneof(...templates.map((template) => requestOf(path, template))),
  };
}

/** Every endpoint of the module with requests that are almost right. */
export const ENDPOINTS: readonly FuzzedEndpoint[] = [
  endpoint(
    'GET authorize',
    '/oauth/authorize',
    PAGE,
    { method: 'GET', query: AUTHORIZE, headers: SIGNED_IN },
    { method: 'GET', query: AUTHORIZE },
  ),
  endpoint('POST authorize', '/oauth/authorize', PAGE, {
    method: 'POST',
    body: AUTHORIZE,
    headers: SIGNED_IN,
  }),
  endpoint(
    'approve',
    '/oauth/approve',
    { ...PAGE, echoes: false },
    {
      method: 'POST',
      body: [
        ['consent_ticket', '{{ticket}}'],
        ['scopes[]', ''],
        ['scopes[]', 'mcp:write'],
        ['approved', 'true'],
        ['client_id', '{{client}}'],
      ],
      headers: SIGNED_IN,
    },
  ),
  endpoint(
    'token',
    '/oauth/token',
    MACHINE,
    { method: 'POST', body: CODE },
    { method: 'POST', body: CODE, bodyKind: 'json' },
    {
      method: 'POST',
      body: [
        ['grant_type', 'authorization_code'],
        ['code', '{{secretCode}}'],
        ['redirect_uri', '{{redirect}}'],
        ['code_verifier', '{{secretVerifier}}'],
      ],
      headers: BASIC,
    },
    {
      method: 'POST',
      body: [
        ['grant_type', 'refresh_token'],
        ['refresh_token', '{{refresh}}'],
        ['client_id', '{{client}}'],
        ['scope', 'mcp:read'],
        ['resource', '{{resource}}'],
      ],
    },
  ),
  endpoint(
    'register',
    '/oauth/register',
    { ...MACHINE, echoes: true, needsGrants: false },
    { method: 'POST', body: REGISTRATION, bodyKind: 'json' },
  ),
  endpoint(
    'revoke',
    '/oauth/revoke',
    MACHINE,
    {
      method: 'POST',
      body: [
        ['token', '{{refresh}}'],
        ['token_type_hint', 'refresh_token'],
        ['client_id', '{{client}}'],
      ],
    },
    { method: 'POST', body: [['token', '{{access}}']], headers: BASIC },
  ),
  endpoint(
    'introspect',
    '/oauth/introspect',
    MACHINE,
    {
      method: 'POST',
      body: [
        ['token', '{{access}}'],
        ['client_id', '{{client}}'],
      ],
    },
    {
      method: 'POST',
      body: [
        ['token', '{{refresh}}'],
        ['client_id', '{{client}}'],
      ],
    },
    { method: 'POST', body: [['token', '{{access}}']], headers: BASIC },
  ),
  endpoint(
    'userinfo',
    '/oauth/userinfo',
    MACHINE,
    { method: 'GET', headers: BEARER },
    { method: 'POST', body: [['access_token', '{{access}}']], headers: BEARER },
  ),
  endpoint('protected resource metadata', '/.well-known/oauth-protected-resource/mcp/api', DOCUMENT, {
    method: 'GET',
  }),
  endpoint('authorization server metadata', '/.well-known/oauth-authorization-server', DOCUMENT, {
    method: 'GET',
  }),
  endpoint('openid configuration', '/.well-known/openid-configuration', DOCUMENT, { method: 'GET' }),
  endpoint('key set', '/.well-known/jwks.json', DOCUMENT, { method: 'GET' }),
  endpoint(
    'MCP path',
    '/mcp/api/notes',
    { kind: 'resource', echoes: true, needsGrants: true },
    {
      method: 'POST',
      body: [
        ['jsonrpc', '2.0'],
        ['method', 'x'],
      ],
      bodyKind: 'json',
      headers: BEARER,
    },
    { method: 'POST', body: [['jsonrpc', '2.0']], bodyKind: 'json' },
  ),
];
