import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import {
  createPkce,
  Flow,
  hiddenFields,
  REDIRECT_URI,
  TestBrowser,
  type TokenAnswer,
} from '../support/flow.js';

const RESOURCE_SERVER = {
  clientId: 'resource-server',
  clientSecret: 'y'.repeat(40),
  allowIntrospection: true,
};
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe.each(ADAPTERS)('clients on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;

  beforeAll(async () => {
    server = await startApp({ adapter, options: { clients: [RESOURCE_SERVER] } });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  const post = (path: string, body: string, headers: Record<string, string> = FORM): Promise<Response> =>
    fetch(`${server.url}${path}`, { method: 'POST', headers, body });
  const introspect = async (token: string, as: Record<string, string | undefined>): Promise<unknown> =>
    (await flow.token({ token, ...as }, {}, '/oauth/introspect')).body;

  it('register nothing but what is theirs to say', async () => {
    const body = JSON.stringify({
      redirect_uris: [REDIRECT_URI],
      scope: 'mcp:read admin',
      client_id: 'resource-server',
      client_secret: 'chosen',
      client_id_issued_at: 1,
      client_secret_expires_at: 1,
      registration_access_token: 'chosen',
      skip_consent: true,
      trusted: true,
      is_verified: true,
      isVerified: true,
      mayIntrospect: true,
      allowIntrospection: true,
      secretDigest: 'chosen',
      metadataDigest: 'chosen',
      markedAt: 1,
      userId: 'root',
      user_id: 'root',
      id: 1,
      tenant: 'other',
      org: 'other',
    }).replace('{', '{"__proto__":{"allowIntrospection":true},"constructor":{"prototype":{"x":1}},');
    const response = await post('/oauth/register', body, { 'content-type': 'application/json' });
    const registered = (await response.json()) as Record<string, unknown>;
    expect([response.status, Object.keys(registered).sort()]).toEqual([
      201,
      [
        ...['client_id', 'client_id_issued_at', 'client_name', 'grant_types', 'redirect_uris'],
        ...['response_types', 'scope', 'token_endpoint_auth_method'],
      ],
    ]);
    expect(registered.client_id).not.toBe('resource-server');
    expect(registered.scope).toBe('mcp:read');
    expect(JSON.stringify(await server.dataSource.query('select * from mcp_auth_clients'))).not.toMatch(
      /chosen|root|other/,
    );
    expect(({} as Record<string, unknown>).allowIntrospection).toBeUndefined();

    const own = { client_id: String(registered.client_id), redirect_uris: [REDIRECT_URI] };
    const page = await new TestBrowser('alice').request(flow.authorizeUrl(own, createPkce()));
    expect(await page.text()).toContain('This application is not verified');
    const { accessToken } = await flow.tokens();
    expect(await introspect(accessToken, { client_id: own.client_id })).toEqual({ active: false });
  });

  it('neither end nor look at what others were given', async () => {
    const { accessToken, refreshToken, client } = await flow.tokens();
    const stranger = await flow.register({ token_endpoint_auth_method: 'client_secret_post' });
    const as = { client_id: stranger.client_id, client_secret: stranger.client_secret };
    for (const token of [accessToken, refreshToken]) {
      for (const hint of ['access_token', 'refresh_token', 'x', undefined]) {
        const revoked = await flow.token({ token, token_type_hint: hint, ...as }, {}, '/oauth/revoke');
        expect([revoked.status, revoked.body]).toEqual([200, {}]);
        expect(await introspect(token, as)).toEqual({ active: false });
      }
    }
    expect((await flow.call(accessToken)).status).toBe(200);
    expect((await flow.refresh(client, refreshToken)).status).toBe(200);
    // What is unknown, broken or expired looks the same.
    for (const token of ['x', '\u00e4', 'a.b.c', 'x'.repeat(20_000)]) {
      expect((await flow.token({ token, ...as }, {}, '/oauth/revoke')).status).toBe(200);
      expect(await introspect(token, as)).toEqual({ active: false });
    }
  });

  it('use one way of authentication, and say the same name everywhere', async () => {
    const { client_id: id, client_secret: secret = '' } = await flow.register({
      token_endpoint_auth_method: 'client_secret_basic',
    });
    const basic = (user: string, password: string): Record<string, string> => ({
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    });
    const ask = (fields: Record<string, string>, headers: Record<string, string>): Promise<TokenAnswer> =>
      flow.token({ grant_type: 'refresh_token', refresh_token: 'x', ...fields }, headers);
    const errors = [
      await ask({ client_id: id, client_secret: secret }, basic(id, secret)),
      await ask({ client_secret: secret }, basic(id, secret)),
      await ask({ client_id: 'other' }, basic(id, secret)),
      await ask({ client_id: id, client_secret: secret }, basic(id, '')),
      await ask({ client_id: id, client_secret: secret }, { authorization: 'Bearer x' }),
      await ask({ client_id: `${id} ` }, {}),
      await ask({ client_id: id.toUpperCase(), client_secret: secret }, {}),
      await ask({ client_id: id, client_secret: `${secret} ` }, {}),
      await ask({ client_id: id, client_secret: secret.toUpperCase() }, {}),
      await ask({ client_id: id }, {}),
    ];
    expect(errors.map(({ body }) => body.error)).toEqual([
      ...Array<string>(4).fill('invalid_request'),
      ...Array<string>(6).fill('invalid_client'),
    ]);
    for (const { status, headers } of errors.slice(4)) {
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Basic realm="oauth"']);
    }
    // Only now it is the token that is wrong.
    expect((await ask({}, basic(id, secret))).body.error).toBe('invalid_grant');
  });

  it('send each parameter once, and as text', async () => {
    const { client, code, pkce } = await flow.code();
    const right = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: pkce.verifier,
      client_id: client.client_id,
    });
    for (const [name, value] of right) {
      for (const form of [
        `${right}&${name}=${encodeURIComponent(value)}`,
        `${name}=&${right}`,
        `${right}&${name}`,
      ]) {
        const answer = await post('/oauth/token', form);
        expect([form, answer.status, await answer.json()]).toMatchObject([
          form,
          400,
          { error: 'invalid_request' },
        ]);
      }
      for (const suffix of ['[]', '[0]', '[x]', '.x', '%5B%5D']) {
        const answer = await post('/oauth/token', `${right}`.replace(`${name}=`, `${name}${suffix}=`));
        expect([name, suffix, answer.status < 500, answer.status >= 400]).toEqual([name, suffix, true, true]);
      }
      const members = Object.fromEntries(right);
      for (const odd of [[value], { x: value }, 7, true, null, [[value]], { toString: value }]) {
        const answer = await post('/oauth/token', JSON.stringify({ ...members, [name]: odd }), {
          'content-type': 'application/json',
        });
        expect([name, odd, answer.status]).toEqual([name, odd, 400]);
      }
    }
    const url = flow.authorizeUrl(client, pkce);
    for (const again of [
      'client_id=x',
      'redirect_uri=x',
      'state=x',
      'scope=x',
      'code_challenge=x',
      'response_type=code',
    ]) {
      const response = await new TestBrowser('alice').request(`${url}&${again}`);
      expect([again, response.status, response.headers.get('location')]).toEqual([again, 400, null]);
    }
    const resources = `&resource=${encodeURIComponent(`${server.url}/mcp/api`)}`;
    expect((await new TestBrowser('alice').request(`${url}${resources}`)).status).toBe(200);
    expect((await post('/oauth/token', `${right}${resources}${resources}`)).status).toBe(200);
  });

  it('that are gone take codes and refresh tokens with them, and nobody is told that their tokens live', async () => {
    const { client, accessToken, refreshToken } = await flow.tokens();
    const pending = await flow.code('alice', {}, client);
    const browser = new TestBrowser('alice');
    const url = flow.authorizeUrl(client, createPkce());
    expect((await browser.request(url)).status).toBe(200);
    await server.dataSource.query(`delete from mcp_auth_clients where client_id = '${client.client_id}'`);

    expect((await flow.redeem(client, pending.code, pending.pkce)).body.error).toBe('invalid_client');
    expect((await flow.refresh(client, refreshToken)).body.error).toBe('invalid_client');
    expect((await browser.request(url)).status).toBe(400);
    const as = { client_id: RESOURCE_SERVER.clientId, client_secret: RESOURCE_SERVER.clientSecret };
    expect(await introspect(refreshToken, as)).toEqual({ active: false });
    expect(await introspect(accessToken, as)).toEqual({ active: false });
  });

  it('that are gone meanwhile get no answer to a page that is still open', async () => {
    const client = await flow.register();
    const browser = new TestBrowser('alice');
    const page = await browser.request(flow.authorizeUrl(client, createPkce()));
    const html = await page.text();
    const fields: [string, string][] = [...hiddenFields(html), ['approved', 'true']];
    await server.dataSource.query(
      `update mcp_auth_clients set redirect_uris = '["https://evil.example/"]' where client_id = '${client.client_id}'`,
    );
    const answer = await browser.submit(`${server.url}/oauth/approve`, fields);
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null]);
    await server.dataSource.query(`delete from mcp_auth_clients where client_id = '${client.client_id}'`);
    expect((await browser.submit(`${server.url}/oauth/approve`, fields)).status).toBe(403);
  });
});
