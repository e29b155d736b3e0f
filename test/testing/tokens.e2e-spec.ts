import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { generateKeyPairSync } from 'node:crypto';
import { RevocationService, type McpAuthOptions } from '../../lib/index.js';
import { McpAuthTester } from '../../lib/testing/index.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { Flow } from '../support/flow.js';

const INTROSPECTOR = { clientId: 'introspector', clientSecret: 'a-secret-of-the-introspector-0123456789' };
const CLIENT = { clientId: 'the-client', clientSecret: 'a-secret-of-the-client-0123456789abcdef' };
const options: Partial<McpAuthOptions> = {
  clients: [
    { ...INTROSPECTOR, allowIntrospection: true },
    { ...CLIENT, redirectUris: ['https://client.example/callback'] },
  ],
};

const combinations = ADAPTERS.flatMap((adapter) =>
  testDatabases().flatMap((database) =>
    (['polled', 'strict'] as const).map((revocation) => ({
      adapter,
      database,
      revocation,
      name: `${adapter} and ${database.name} with ${revocation} revocation`,
    })),
  ),
);

function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

async function introspect(flow: Flow, token: string): Promise<Record<string, unknown>> {
  const { clientId: client_id, clientSecret: client_secret } = INTROSPECTOR;
  return (await flow.token({ token, client_id, client_secret }, {}, '/oauth/introspect')).body;
}

describe.each(combinations)('a minted access token on $name', ({ adapter, database, revocation }) => {
  let server: TestApp;
  let flow: Flow;
  let auth: McpAuthTester;

  beforeAll(async () => {
    server = await startApp({ adapter, database, options: { ...options, revocation } });
    flow = new Flow(server.url);
    auth = McpAuthTester.of(server.app);
  });
  afterAll(() => server.close());

  it('lets its user in, with every scope of the default resource', async () => {
    const response = await flow.call(await auth.accessToken({ userId: 'alice' }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      userId: 'alice',
      orgId: null,
      scope: 'mcp:read mcp:write',
      email: 'alice@example.com',
    });
  });

  it('is active when it is introspected, and says what it was asked to', async () => {
    const token = await auth.accessToken({
      userId: 7,
      orgId: 12,
      scope: 'mcp:read',
      resource: `${server.url}/mcp/api/`,
      clientId: 'the-client',
      lifetime: 90,
    });
    const { exp, iat, ...answer } = await introspect(flow, token);
    expect(answer).toEqual({
      active: true,
      iss: server.url,
      sub: '7',
      aud: `${server.url}/mcp/api`,
      jti: claimsOf(token).jti,
      client_id: 'the-client',
      scope: 'mcp:read',
      org: '12',
      username: '7@example.com',
      token_type: 'Bearer',
    });
    expect(Number(exp) - Number(iat)).toBe(90);
  });

  it('is refused for a scope that it does not have', async () => {
    const token = await auth.accessToken({ userId: 'alice', scope: 'mcp:read' });
    const response = await flow.call(token, '/mcp/api/notes', { method: 'POST' });
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it.each([
    ['user', (service: RevocationService) => service.revokeUser('mallory')],
    ['client', (service: RevocationService) => service.revokeClient('a-client-to-revoke')],
  ])('ends when its %s is revoked', async (_, revoke) => {
    const token = await auth.accessToken({ userId: 'mallory', clientId: 'a-client-to-revoke' });
    expect((await flow.call(token)).status).toBe(200);
    expect(await revoke(server.app.get(RevocationService))).toBe(1);
    expect((await flow.call(token)).status).toBe(401);
    expect(await introspect(flow, token)).toEqual({ active: false });
  });

  it('ends when its client revokes it, alone', async () => {
    const [one, other] = [
      await auth.accessToken({ userId: 'alice', clientId: CLIENT.clientId }),
      await auth.accessToken({ userId: 'alice', clientId: CLIENT.clientId }),
    ];
    const { clientId: client_id, clientSecret: client_secret } = CLIENT;
    expect((await flow.token({ token: one, client_id, client_secret }, {}, '/oauth/revoke')).status).toBe(
      200,
    );
    expect((await flow.call(one)).status).toBe(401);
    expect((await flow.call(other)).status).toBe(200);
  });

  it.each(['expiredToken', 'foreignToken'] as const)('made by %s is refused as invalid', async (method) => {
    server.events.length = 0;
    const token = await auth[method]({ userId: 'alice' });
    const response = await flow.call(token);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    // Each for its own reason, which only the log may tell.
    const reason = method === 'expiredToken' ? 'expired' : 'bad_signature';
    expect(server.events).toEqual([expect.objectContaining({ type: 'token.validation_failed', reason })]);
  });

  it('comes with a refresh token that its client can redeem, when both are asked for', async () => {
    const { clientId: client_id, clientSecret: client_secret } = CLIENT;
    const { accessToken, refreshToken } = await auth.tokens({ userId: 'alice', clientId: client_id });
    expect((await flow.call(accessToken)).status).toBe(200);
    const refreshed = await flow.refresh({ client_id, client_secret, redirect_uris: [] }, refreshToken);
    expect(refreshed.status).toBe(200);
    expect((await flow.call(refreshed.body.access_token)).status).toBe(200);
  });
});

describe('a minted access token', () => {
  let server: TestApp;
  let auth: McpAuthTester;

  beforeAll(async () => {
    server = await startApp({ options });
    auth = McpAuthTester.of(server.app);
  });
  afterAll(() => server.close());

  it('has the claims of one from the token endpoint', async () => {
    const { accessToken } = await new Flow(server.url).tokens();
    const minted = claimsOf(await auth.accessToken({ userId: 'alice' }));
    expect(Object.keys(minted)).toEqual(Object.keys(claimsOf(accessToken)));
    expect(Number(minted.exp) - Number(minted.iat)).toBe(3600);
  });

  it.each([
    [{ userId: 'alice', scope: 'mcp:read mcp:delete' }, /scope 'mcp:delete' is unknown.*mcp:read, mcp:write/],
    [
      { userId: 'alice', resource: 'https://h.example/mcp' },
      /resource 'https:\/\/h.example\/mcp' is unknown.*\/mcp\/api/,
    ],
    [{ userId: '' }, /userId is empty/],
    [{ userId: 'alice', lifetime: 0 }, /lifetime is 0.*expiredToken/],
    [{ userId: 'alice', lifetime: 1.5 }, /lifetime is 1.5/],
  ])('is not made of %j', async (wrong, message) => {
    await expect(auth.accessToken(wrong)).rejects.toThrow(message);
    await expect(auth.foreignToken(wrong)).rejects.toThrow(message);
  });

  it('needs an application that has the module', async () => {
    const moduleRef = await Test.createTestingModule({}).compile();
    expect(() => McpAuthTester.of(moduleRef)).toThrow('McpAuthModule is not part of this application');
  });
});

describe.each(['RS256', 'ES256'] as const)('a minted access token signed with %s', (algorithm) => {
  const { privateKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const tokenSigningPrivateKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it('is accepted, and its twin with the same header but a foreign signature is not', async () => {
    const server = await startApp({ options: { tokenSigningAlgorithm: algorithm, tokenSigningPrivateKey } });
    try {
      const [auth, flow] = [McpAuthTester.of(server.app), new Flow(server.url)];
      const own = await auth.accessToken({ userId: 'alice', scope: 'openid mcp:read' });
      const foreign = await auth.foreignToken({ userId: 'alice', scope: 'openid mcp:read' });
      expect(foreign.split('.')[0]).toBe(own.split('.')[0]);
      expect((await flow.call(own)).status).toBe(200);
      expect((await flow.call(foreign)).status).toBe(401);
    } finally {
      await server.close();
    }
  });
});

describe('a resource server without a private key', () => {
  it('mints nothing, and says what to use instead', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const server = await startApp({
      options: {
        authorizationServerUrl: 'https://login.example',
        tokenSigningAlgorithm: 'ES256',
        tokenSigningPublicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      },
    });
    try {
      const auth = McpAuthTester.of(server.app);
      await expect(auth.accessToken({ userId: 'alice' })).rejects.toThrow(/signs none.*withPrincipal/);
      expect((await new Flow(server.url).call(await auth.foreignToken({ userId: 'alice' }))).status).toBe(
        401,
      );
      await expect(auth.authorize()).rejects.toThrow('https://login.example authorizes for it');
    } finally {
      await server.close();
    }
  });
});
