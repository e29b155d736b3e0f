import fc from 'fast-check';
import { requestOf, type Template } from './almost-right.js';
import type { Fields } from './hostile-forms.js';
import type { RawRequest } from './http-message.js';
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
