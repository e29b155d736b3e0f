/** A request that an endpoint of the module refuses, and how. */
export interface Refusal {
  what: string;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  status: number;
  error: string;
  /** Headers of the answer that tell the client what to do. */
  tells?: Record<string, RegExp>;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'content-type': 'application/json' };
const TOO_LARGE = `a=${'x'.repeat(70_000)}`;
const MCP_CHALLENGE = /^Bearer .*resource_metadata="[^"]+\/oauth-protected-resource\/api\/v1\/mcp"$/;

const post = (path: string, body: string, headers: Record<string, string> = FORM) => ({
  method: 'POST',
  path,
  headers,
  body,
});

/** What machines get to see when something is wrong with their request. */
export function machineRefusals(): Refusal[] {
  const machines = ['/oauth/token', '/oauth/revoke', '/oauth/introspect'];
  return [
    ...machines.flatMap((path): Refusal[] => [
      {
        what: `GET ${path}`,
        path,
        status: 405,
        error: 'invalid_request',
        tells: { allow: /^POST$/ },
      },
      {
        what: `${path} without a client`,
        ...post(path, 'token=x&grant_type=refresh_token&refresh_token=x&client_id=nobody'),
        status: 401,
        error: 'invalid_client',
        tells: { 'www-authenticate': /^Basic realm=/ },
      },
      {
        what: `${path} with too large a body`,
        ...post(path, TOO_LARGE),
        status: 413,
        error: 'invalid_request',
      },
      {
        what: `${path} with another content type`,
        ...post(path, 'a', { 'content-type': 'text/plain' }),
        status: 400,
        error: 'invalid_request',
      },
      {
        what: `${path} with broken JSON`,
        ...post(path, '{"a":', JSON_BODY),
        status: 400,
        error: 'invalid_request',
      },
      {
        what: `${path} with a repeated parameter`,
        ...post(path, 'token=a&token=b'),
        status: 400,
        error: 'invalid_request',
      },
    ]),
    {
      what: 'an unknown grant type',
      ...post('/oauth/token', 'grant_type=password'),
      status: 400,
      error: 'unsupported_grant_type',
    },
    {
      what: 'GET /oauth/register',
      path: '/oauth/register',
      status: 405,
      error: 'invalid_request',
      tells: { allow: /^POST$/ },
    },
    {
      what: 'broken metadata',
      ...post('/oauth/register', '{"client_name":', JSON_BODY),
      status: 400,
      error: 'invalid_client_metadata',
    },
    {
      what: 'metadata as a form',
      ...post('/oauth/register', 'a=b'),
      status: 400,
      error: 'invalid_client_metadata',
    },
    {
      what: 'too much metadata',
      ...post('/oauth/register', JSON.stringify({ a: TOO_LARGE }), JSON_BODY),
      status: 413,
      error: 'invalid_request',
    },
    {
      what: 'a redirect URI that nobody may have',
      ...post('/oauth/register', '{"redirect_uris":["javascript:1"]}', JSON_BODY),
      status: 400,
      error: 'invalid_redirect_uri',
    },
    {
      what: 'userinfo without a token',
      path: '/oauth/userinfo',
      status: 401,
      error: 'invalid_token',
      tells: { 'www-authenticate': /^Bearer (?!.*error=)/ },
    },
    {
      what: 'userinfo with a bad token',
      path: '/oauth/userinfo',
      headers: { authorization: 'Bearer a.b.c' },
      status: 401,
      error: 'invalid_token',
      tells: { 'www-authenticate': /^Bearer error="invalid_token"/ },
    },
    {
      what: 'DELETE /oauth/userinfo',
      method: 'DELETE',
      path: '/oauth/userinfo',
      status: 405,
      error: 'invalid_request',
      tells: { allow: /^GET, POST$/ },
    },
    {
      what: 'metadata of a resource that is not here',
      path: '/.well-known/oauth-protected-resource/other',
      status: 404,
      error: 'not_found',
    },
    {
      what: 'metadata by POST',
      ...post('/.well-known/oauth-authorization-server', ''),
      status: 405,
      error: 'invalid_request',
      tells: { allow: /^GET$/ },
    },
    ...['GET', 'POST', 'DELETE', 'PUT', 'OPTIONS'].map((method): Refusal => ({
      what: `${method} of the MCP server without a token`,
      method,
      path: '/api/v1/mcp',
      status: 401,
      error: 'invalid_token',
      tells: { 'www-authenticate': MCP_CHALLENGE },
    })),
    {
      what: 'the MCP server with a bad token',
      path: '/API/v1/mcp/whoami',
      headers: { authorization: 'Bearer a.b.c' },
      status: 401,
      error: 'invalid_token',
      tells: { 'www-authenticate': /^Bearer error="invalid_token"/ },
    },
    {
      what: 'the MCP server with a token in the URL',
      path: '/api/v1/mcp?access_token=x',
      status: 400,
      error: 'invalid_request',
      tells: { 'www-authenticate': /^Bearer error="invalid_request"/ },
    },
  ];
}

/** What people get to see: a page. */
export function pageRefusals(): Refusal[] {
  const ownPage = { ...FORM, 'sec-fetch-site': 'same-origin' };
  return [
    { what: 'no client', path: '/oauth/authorize', status: 400, error: 'invalid_request' },
    { what: 'an unknown client', path: '/oauth/authorize?client_id=x', status: 400, error: 'invalid_client' },
    { what: 'no client, by POST', ...post('/oauth/authorize', ''), status: 400, error: 'invalid_request' },
    {
      what: 'PUT /oauth/authorize',
      method: 'PUT',
      path: '/oauth/authorize',
      status: 405,
      error: 'invalid_request',
      tells: { allow: /^GET, POST$/ },
    },
    {
      what: 'an approval without a ticket',
      ...post('/oauth/approve', 'approved=true', ownPage),
      status: 403,
      error: 'access_denied',
    },
    {
      what: 'an approval as JSON',
      ...post('/oauth/approve', '{}', JSON_BODY),
      status: 400,
      error: 'invalid_request',
    },
    {
      what: 'an approval that is too large',
      ...post('/oauth/approve', TOO_LARGE, ownPage),
      status: 413,
      error: 'invalid_request',
    },
    {
      what: 'GET /oauth/approve',
      path: '/oauth/approve',
      status: 405,
      error: 'invalid_request',
      tells: { allow: /^POST$/ },
    },
  ];
}
