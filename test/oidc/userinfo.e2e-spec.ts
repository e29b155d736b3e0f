import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { Flow } from '../support/flow.js';

describe.each(ADAPTERS)('userinfo on %s (OpenID Connect Core, section 5.3)', (adapter) => {
  let server: TestApp;
  let flow: Flow;

  beforeAll(async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    server = await startApp({
      adapter,
      options: {
        tokenSigningAlgorithm: 'ES256',
        tokenSigningPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        fetchUserData: (userId) => ({
          email: `${userId}@example.com`,
          emailVerified: userId === 'alice',
          name: userId.toUpperCase(),
          apiKeyId: 'key-1',
          apiKeySecret: 'never-shown',
        }),
      },
    });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  const claims = async (user: string, scope: string, method = 'GET'): Promise<[number, unknown, Headers]> => {
    const { accessToken } = await flow.tokens(user, { scope });
    const response = await flow.call(accessToken, '/oauth/userinfo', { method });
    return [response.status, await response.json(), response.headers];
  };

  it('tells what the granted scopes allow, by GET and by POST', async () => {
    const [status, body, headers] = await claims('alice', 'openid email profile mcp:read');
    expect([status, body]).toEqual([
      200,
      { sub: 'alice', email: 'alice@example.com', email_verified: true, name: 'ALICE' },
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await claims('bob', 'openid email mcp:read', 'POST'))[1]).toEqual({
      sub: 'bob',
      email: 'bob@example.com',
      email_verified: false,
    });
    expect((await claims('alice', 'openid mcp:read'))[1]).toEqual({ sub: 'alice' });
  });

  it('needs openid', async () => {
    const [status, body, headers] = await claims('alice', 'mcp:read');
    expect([status, body]).toMatchObject([403, { error: 'insufficient_scope' }]);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="insufficient_scope"/);
  });

  it('refuses no token, a broken one and one in the query', async () => {
    const missing = await flow.call(undefined, '/oauth/userinfo');
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toMatch(/^Bearer scope="openid", /);
    expect((await flow.call('broken', '/oauth/userinfo')).status).toBe(401);
    const { accessToken } = await flow.tokens('alice', { scope: 'openid mcp:read' });
    expect((await flow.call(undefined, `/oauth/userinfo?access_token=${accessToken}`)).status).toBe(400);
  });

  it('puts no secret of the user into any token', async () => {
    const { answer } = await flow.tokens('alice', { scope: 'openid email profile mcp:read' });
    for (const token of [answer.body.access_token, answer.body.id_token]) {
      const payload = Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString();
      expect(payload).not.toMatch(/never-shown|key-1/);
    }
  });
});
