import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { Flow, REDIRECT_URI } from '../support/flow.js';

const CLIENTS = [
  {
    clientId: 'pre-registered',
    clientSecret: 'a secret: with % and + of 32 characters or more',
    redirectUris: [REDIRECT_URI],
  },
  { clientId: 'resource-server', clientSecret: 'x1'.repeat(20), allowIntrospection: true },
];

describe.each(ADAPTERS)('clients on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;

  beforeAll(async () => {
    server = await startApp({ adapter, options: { clients: CLIENTS } });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  const post = (body: string, type = 'application/json', path = '/oauth/register'): Promise<Response> =>
    fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body });
  const register = async (metadata: object): Promise<[number, Record<string, unknown>]> => {
    const response = await post(JSON.stringify(metadata));
    return [response.status, (await response.json()) as Record<string, unknown>];
  };

  it('registers a public client when no method is named, and echoes what it understood', async () => {
    const [status, client] = await register({
      client_name: 'Evil\u202e\u0000 client\n',
      redirect_uris: [
        'cursor://anysphere.cursor-mcp/oauth/callback',
        'com.example.app:/cb',
        'https://a.example/cb',
      ],
      code_challenge_method: 'S256',
      skip_consent: true,
      client_id: 'mine',
      userId: 'root',
    });
    expect(status).toBe(201);
    expect(client).toMatchObject({
      client_name: 'Evil client',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'mcp:read mcp:write',
    });
    expect(client.client_id).not.toBe('mine');
    expect(client).not.toHaveProperty('client_secret');
    expect(client).not.toHaveProperty('skip_consent');
  });

  it.each([
    'http://evil.example/callback',
    'https://a.example/cb#fragment',
    'https://user@a.example/cb',
    'https://*.example/cb',
    'javascript:alert(1)',
    'JavaScript://%0aalert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'java\nscript:alert(1)',
    ' https://a.example/cb',
    'https://a.example\\@evil.example/cb',
    'http://127.0.0.1.evil.com/cb',
    'http://localhost.evil.com/cb',
    'http://127.1/cb',
    'http://2130706433/cb',
    'http://0.0.0.0/cb',
    'https://a.example/x/../cb',
    'https://a.example/%2e%2e/cb',
    '/relative',
    '',
  ])('refuses the redirect URI %j', async (uri) => {
    const [status, body] = await register({ redirect_uris: [uri] });
    expect([status, body.error]).toEqual([400, 'invalid_redirect_uri']);
  });

  it.each([
    [{ redirect_uris: [] }, 'invalid_redirect_uri'],
    [{ redirect_uris: [REDIRECT_URI], grant_types: ['password'] }, 'invalid_client_metadata'],
    [{ redirect_uris: [REDIRECT_URI], response_types: ['token'] }, 'invalid_client_metadata'],
    [
      { redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'private_key_jwt' },
      'invalid_client_metadata',
    ],
    [{ redirect_uris: { 0: REDIRECT_URI } }, 'invalid_client_metadata'],
    [{ redirect_uris: [REDIRECT_URI], grant_types: ['refresh_token'] }, 'invalid_client_metadata'],
    [{ redirect_uris: [REDIRECT_URI], grant_types: ['client_credentials'] }, 'invalid_client_metadata'],
    [
      {
        redirect_uris: Array(21)
          .fill(0)
          .map((_, n) => `${REDIRECT_URI}/${n}`),
      },
      'invalid_redirect_uri',
    ],
    [{ redirect_uris: [REDIRECT_URI], scope: 'x'.repeat(1001) }, 'invalid_client_metadata'],
  ])('refuses %j', async (metadata, error) => {
    const [status, body] = await register(metadata);
    expect([status, body.error]).toEqual([400, error]);
  });

  it('answers what is no registration at all in its own shape', async () => {
    for (const [body, type] of [
      ['{', 'application/json'],
      ['[]', 'application/json'],
      ['null', 'application/json'],
      ['a=b', 'text/plain'],
      ['', 'application/json'],
    ] as const) {
      const response = await post(body, type);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: 'invalid_client_metadata' });
    }
    expect((await post(JSON.stringify({ client_name: 'x'.repeat(70_000) }))).status).toBe(413);
  });

  it('authenticates a confidential client by either way of sending its secret, and by nothing else', async () => {
    const client = await flow.register({ token_endpoint_auth_method: 'client_secret_basic' });
    const secret = String(client.client_secret);
    const basic = (id: string, password: string): Record<string, string> => ({
      authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(password)}`).toString('base64')}`,
    });
    const ask = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
      flow.token({ token: 'x', ...parameters }, headers, '/oauth/introspect');
    const { client_id: id } = client;
    expect((await ask({}, basic(id, secret))).status).toBe(200);
    expect((await ask({ client_id: id, client_secret: secret })).status).toBe(200);
    expect((await ask({ client_id: id }, basic(id, secret))).status).toBe(200);

    const refused = [
      await ask({ client_id: id }),
      await ask({ client_id: id, client_secret: 'wrong' }),
      await ask({}, basic(id, 'wrong')),
      await ask({}, basic('nobody', secret)),
      await ask({}, { authorization: 'Basic %%%' }),
      await ask({}),
    ];
    for (const { status, body, headers } of refused) {
      expect([status, body.error]).toEqual([401, 'invalid_client']);
      expect(headers.get('www-authenticate')).toMatch(/^Basic /);
    }
    const both = await ask({ client_id: id, client_secret: secret }, basic(id, secret));
    expect([both.status, both.body.error]).toEqual([400, 'invalid_request']);
    expect((await ask({ client_id: 'other' }, basic(id, secret))).body.error).toBe('invalid_request');

    const open = await flow.register();
    expect((await ask({ client_id: open.client_id, client_secret: 'x' })).body.error).toBe('invalid_client');
  });

  it('stores no secret, and takes no stored digest for one', async () => {
    const client = await flow.register({ token_endpoint_auth_method: 'client_secret_post' });
    const rows = JSON.stringify(await server.dataSource.query('select * from mcp_auth_clients'));
    expect(rows).not.toContain(client.client_secret);
    const [row] = (await server.dataSource.query(
      `select secret_digest from mcp_auth_clients where client_id = '${client.client_id}'`,
    )) as { secret_digest: string }[];
    const answer = await flow.token(
      { token: 'x', client_id: client.client_id, client_secret: row?.secret_digest },
      {},
      '/oauth/introspect',
    );
    expect(answer.status).toBe(401);
  });

  it('serves pre-registered clients, and lets a resource server introspect what others were given', async () => {
    const [own, resourceServer] = CLIENTS;
    const client = { client_id: 'pre-registered', client_secret: own?.clientSecret ?? '', redirect_uris: [] };
    const { accessToken, refreshToken } = await flow.tokens('alice', {}, client);
    const introspect = async (id: string, secret: string | undefined, token: string) =>
      (await flow.token({ token, client_id: id, client_secret: secret }, {}, '/oauth/introspect')).body;
    expect(await introspect('resource-server', resourceServer?.clientSecret, accessToken)).toMatchObject({
      active: true,
      sub: 'alice',
      client_id: 'pre-registered',
      aud: `${server.url}/mcp/api`,
      username: 'alice@example.com',
    });
    expect(await introspect('pre-registered', own?.clientSecret, refreshToken)).toMatchObject({
      active: true,
    });
    const stranger = await flow.register();
    expect(await introspect(stranger.client_id, undefined, accessToken)).toEqual({ active: false });
    await flow.token({ token: refreshToken, client_id: stranger.client_id }, {}, '/oauth/revoke');
    expect((await flow.call(accessToken)).status).toBe(200);
  });

  it('answers wrong methods, broken bodies and odd parameters with a 4xx of its own shape', async () => {
    for (const path of ['/oauth/token', '/oauth/register', '/oauth/revoke', '/oauth/introspect']) {
      const get = await fetch(`${server.url}${path}`);
      expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    }
    const form = 'application/x-www-form-urlencoded';
    for (const body of [
      'grant_type=authorization_code&grant_type=refresh_token',
      'grant_type=%zz',
      'grant_type=%00',
      'grant_type=password&client_id=x',
      'code[]=x',
      '__proto__[x]=1',
      '',
    ]) {
      const response = await post(body, form, '/oauth/token');
      expect(response.status).toBe(400);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toHaveProperty('error');
    }
    expect((await post('<x/>', 'text/xml', '/oauth/token')).status).toBe(400);
    expect((await post('x', form, '/oauth/token?client_secret=s')).status).toBe(400);
  });
});

describe('dynamic client registration switched off', () => {
  it('is neither offered nor served, and pre-registered clients work', async () => {
    const server = await startApp({ options: { dynamicClientRegistration: false, clients: CLIENTS } });
    const flow = new Flow(server.url);
    const metadata = await (await fetch(`${server.url}/.well-known/oauth-authorization-server`)).json();
    expect(metadata).not.toHaveProperty('registration_endpoint');
    await expect(flow.register()).rejects.toThrow(/register: 404/);
    const client = {
      client_id: 'pre-registered',
      client_secret: CLIENTS[0]?.clientSecret ?? '',
      redirect_uris: [],
    };
    expect((await flow.tokens('alice', {}, client)).answer.status).toBe(200);
    await server.close();
  });
});
