import { afterEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { generateKeyPairSync, sign } from 'node:crypto';
import { McpAuthModule, type McpAuthOptions, type McpAuthOptionsFactory } from '../../lib/index.js';
import { SECRET, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { createPkce, Flow, REDIRECT_URI, TestBrowser } from '../support/flow.js';

const open: TestApp[] = [];
async function start(setup: TestAppOptions = {}): Promise<{ server: TestApp; flow: Flow }> {
  const server = await startApp(setup);
  open.push(server);
  return { server, flow: new Flow(server.url) };
}
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const keyPair = (type: 'ec' | 'rsa'): { privateKey: string; publicKey: string } => {
  const { privateKey, publicKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};

const header = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('the module takes its options', () => {
  const ways: [string, (options: McpAuthOptions) => ReturnType<typeof McpAuthModule.forRoot>][] = [
    ['from forRoot', (options) => McpAuthModule.forRoot(options)],
    [
      'from useClass',
      (options) => {
        class Factory implements McpAuthOptionsFactory {
          createMcpAuthOptions(): McpAuthOptions {
            return options;
          }
        }
        return McpAuthModule.forRootAsync({ useClass: Factory });
      },
    ],
    [
      'from useExisting',
      (options) => {
        class Settings implements McpAuthOptionsFactory {
          createMcpAuthOptions(): Promise<McpAuthOptions> {
            return Promise.resolve(options);
          }
        }
        @Module({ providers: [Settings], exports: [Settings] })
        class SettingsModule {}
        return McpAuthModule.forRootAsync({ imports: [SettingsModule], useExisting: Settings });
      },
    ],
    [
      'from useFactory with inject',
      (options) => {
        const PORTION = Symbol('portion');
        @Module({ providers: [{ provide: PORTION, useValue: options }], exports: [PORTION] })
        class PortionModule {}
        return McpAuthModule.forRootAsync({
          imports: [PortionModule],
          inject: [PORTION],
          useFactory: (portion: McpAuthOptions) => portion,
        });
      },
    ],
  ];

  it.each(ways)('%s', async (_, register) => {
    const { flow } = await start({ register });
    const { accessToken } = await flow.tokens();
    expect((await flow.call(accessToken)).status).toBe(200);
  });
});

describe('tokenEndpointAuthMethods', () => {
  it('limits what is offered, registered and accepted', async () => {
    const { server, flow } = await start({ options: { tokenEndpointAuthMethods: ['client_secret_post'] } });
    const metadata = (await (
      await flow.call(undefined, '/.well-known/oauth-authorization-server')
    ).json()) as Record<string, unknown>;
    for (const endpoint of ['token', 'revocation', 'introspection']) {
      expect(metadata[`${endpoint}_endpoint_auth_methods_supported`]).toEqual(['client_secret_post']);
    }
    await expect(flow.register({ token_endpoint_auth_method: 'none' })).rejects.toThrow(/client_secret_post/);
    const client = await flow.register();
    expect(client.client_secret).toEqual(expect.any(String));

    const { code, pkce } = await flow.code('alice', {}, client);
    const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
    const byBasic = await flow.redeem(
      client,
      code,
      pkce,
      { client_secret: undefined, client_id: undefined },
      { authorization: `Basic ${basic}` },
    );
    expect([byBasic.status, byBasic.body.error]).toEqual([401, 'invalid_client']);
    expect((await flow.redeem(client, code, pkce)).status).toBe(200);
    expect(server.events.map(({ reason }) => reason)).toContain('method_not_offered');
  });
});

describe('secrets and keys roll over', () => {
  const NEXT = 'the-next-oauth-secret-0123456789-abcdef';

  it('accepts codes, refresh and access tokens of a previous secret, and nothing of a forgotten one', async () => {
    const existing = await testDatabases()[0]!.create();
    const first = await start({ existing });
    const before = await first.flow.tokens();
    const unused = await first.flow.code();
    const options = { serverUrl: first.server.url };

    const { flow: rolled } = await start({
      existing,
      options: { ...options, oauthSecret: NEXT, previousOauthSecrets: [SECRET] },
    });
    expect((await rolled.call(before.accessToken)).status).toBe(200);
    const refreshed = await rolled.refresh(before.client, before.refreshToken);
    expect(refreshed.status).toBe(200);
    const redeemed = await rolled.redeem(unused.client, unused.code, unused.pkce);
    expect(redeemed.status).toBe(200);

    const { flow: finished } = await start({ existing, options: { ...options, oauthSecret: NEXT } });
    expect((await finished.call(before.accessToken)).status).toBe(401);
    expect((await finished.refresh(before.client, before.refreshToken)).body.error).toBe('invalid_grant');
    // What the next secret signed goes on.
    expect((await finished.call(refreshed.body.access_token)).status).toBe(200);
    expect((await finished.refresh(before.client, String(refreshed.body.refresh_token))).status).toBe(200);
    await existing.drop();
  });

  it('moves from HS256 over RS256 to ES256 without logging anybody out', async () => {
    const existing = await testDatabases()[0]!.create();
    const [rsa, ec] = [keyPair('rsa'), keyPair('ec')];
    const hs = await start({ existing });
    const ofHs = await hs.flow.tokens();
    const serverUrl = hs.server.url;

    const rs = await start({
      existing,
      options: { serverUrl, tokenSigningAlgorithm: 'RS256', tokenSigningPrivateKey: rsa.privateKey },
    });
    expect((await rs.flow.call(ofHs.accessToken)).status).toBe(200);
    const ofRs = await rs.flow.refresh(ofHs.client, ofHs.refreshToken);
    expect(header(String(ofRs.body.access_token))).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });

    const es = await start({
      existing,
      options: {
        serverUrl,
        tokenSigningAlgorithm: 'ES256',
        tokenSigningPrivateKey: ec.privateKey,
        tokenSigningPublicKey: ec.publicKey,
        tokenSigningKid: 'this-year',
        tokenSigningAdditionalPublicKeys: [rsa.publicKey],
      } as Partial<McpAuthOptions>,
    });
    expect((await es.flow.call(ofHs.accessToken)).status).toBe(200);
    expect((await es.flow.call(ofRs.body.access_token)).status).toBe(200);
    const jwks = (await (await es.flow.call(undefined, '/.well-known/jwks.json')).json()) as {
      keys: Record<string, string>[];
    };
    expect(jwks.keys.map(({ alg, kty, use }) => ({ alg, kty, use }))).toEqual([
      { alg: 'ES256', kty: 'EC', use: 'sig' },
      { alg: 'RS256', kty: 'RSA', use: 'sig' },
    ]);
    expect(jwks.keys[0]?.kid).toBe('this-year');
    expect(jwks.keys[1]?.kid).toBe(header(String(ofRs.body.access_token)).kid);
    expect(JSON.stringify(jwks)).not.toMatch(/"(d|p|q|dp|dq|qi)"/);

    const without = await start({
      existing,
      options: { serverUrl, tokenSigningAlgorithm: 'ES256', tokenSigningPrivateKey: ec.privateKey },
    });
    expect((await without.flow.call(ofRs.body.access_token)).status).toBe(401);
    await existing.drop();
  });
});

describe('HTTPS in production', () => {
  const production = { production: true, serverUrl: 'https://app.example.com' };
  const ask = (flow: Flow, headers: Record<string, string> = {}, path = '/oauth/token') =>
    flow.token({ grant_type: 'refresh_token', refresh_token: 'x', client_id: 'y' }, headers, path);

  it('is required of every endpoint that sees a credential', async () => {
    const { flow } = await start({ options: production });
    for (const path of ['token', 'revoke', 'introspect', 'register', 'userinfo']) {
      const { status, body } = await ask(flow, { 'x-forwarded-proto': 'https' }, `/oauth/${path}`);
      expect([path, status, body]).toEqual([
        path,
        400,
        { error: 'invalid_request', error_description: 'HTTPS is required' },
      ]);
    }
    const page = await flow.call(undefined, '/oauth/authorize');
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('HTTPS is required')]);
  });

  it('may be ended by a proxy that says how the client came', async () => {
    const { flow } = await start({ options: { ...production, tlsTerminatedByProxy: true } });
    expect((await ask(flow, { 'x-forwarded-proto': 'https' })).status).toBe(401);
    expect((await ask(flow, { 'x-forwarded-proto': 'http' })).body.error_description).toBe(
      'HTTPS is required',
    );
    // A client may write what it likes in front; the proxy's own word is the last one.
    expect((await ask(flow, { 'x-forwarded-proto': 'https, http' })).status).toBe(400);
  });

  it('is not asked of a server that only this machine can reach', async () => {
    const { flow } = await start({ options: { production: true } });
    expect((await ask(flow)).status).toBe(401);
  });
});

describe('strippedPathPrefix', () => {
  it('advertises a prefix that a proxy takes away, and serves without it', async () => {
    const { flow } = await start({
      options: { serverUrl: 'http://localhost:1/tenant', strippedPathPrefix: '/tenant' },
    });
    const answer = await flow.call(undefined);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain(
      'resource_metadata="http://localhost:1/.well-known/oauth-protected-resource/tenant/mcp/api"',
    );
    const { accessToken } = await flow.tokens('alice', { resource: 'http://localhost:1/tenant/mcp/api' });
    expect((await flow.call(accessToken)).status).toBe(200);
  });
});

describe('validateScopeForUser', () => {
  it('is enforced when the page is shown, when it is answered and at every refresh', async () => {
    let allowed = ['mcp:read', 'mcp:write'];
    const { server, flow } = await start({
      options: { validateScopeForUser: (_user, _org, scope) => Promise.resolve(allowed.includes(scope)) },
    });
    const { client, refreshToken } = await flow.tokens();

    allowed = ['mcp:read'];
    expect((await flow.refresh(client, refreshToken)).body.scope).toBe('mcp:read');
    const page = await new TestBrowser('alice').request(flow.authorizeUrl(client, createPkce()));
    expect(await page.text()).not.toContain('mcp:write');

    allowed = ['mcp:read', 'mcp:write'];
    const browser = new TestBrowser('alice');
    const pkce = createPkce();
    const url = flow.authorizeUrl(client, pkce);
    await browser.request(url);
    const answering = browser.submit.bind(browser);
    browser.submit = (...parameters) => {
      allowed = ['mcp:read'];
      return answering(...parameters);
    };
    const redirect = await flow.consent(browser, url);
    const { body } = await flow.redeem(client, redirect.searchParams.get('code') ?? '', pkce);
    expect(body.scope).toBe('mcp:read');

    // What policy denies is dropped, required or not; nothing left is an error for the client.
    allowed = ['mcp:write'];
    expect((await flow.tokens('alice', {}, client)).answer.body.scope).toBe('mcp:write');
    allowed = [];
    const refused = await new TestBrowser('alice').request(flow.authorizeUrl(client, createPkce()));
    const location = new URL(refused.headers.get('location') ?? '');
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      error: 'invalid_scope',
      state: 'a-state',
      iss: server.url,
    });
  });
});

describe('a user who is gone', () => {
  it.each(['code exchange', 'refresh', 'introspection', 'userinfo'])('ends the grant at %s', async (step) => {
    const { privateKey } = keyPair('ec');
    let isGone = false;
    const { server, flow } = await start({
      options: {
        tokenSigningAlgorithm: 'ES256',
        tokenSigningPrivateKey: privateKey,
        fetchUserData: () => (isGone ? null : { email: 'alice@example.com' }),
      },
    });
    const scope = 'openid mcp:read';
    const pending = step === 'code exchange' ? await flow.code('alice', { scope }) : undefined;
    const granted = pending ? undefined : await flow.tokens('alice', { scope });

    isGone = true;
    if (pending) {
      const answer = await flow.redeem(pending.client, pending.code, pending.pkce);
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant']);
    } else if (granted) {
      const { client, accessToken, refreshToken } = granted;
      if (step === 'refresh') {
        expect((await flow.refresh(client, refreshToken)).body.error).toBe('invalid_grant');
      } else if (step === 'introspection') {
        const { body } = await flow.token(
          { token: accessToken, client_id: client.client_id },
          {},
          '/oauth/introspect',
        );
        expect(body).toEqual({ active: false });
      } else {
        expect((await flow.call(accessToken, '/oauth/userinfo')).status).toBe(401);
      }
    }

    isGone = false;
    expect(server.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['user.gone', 'grant.revoked']),
    );
    if (granted) {
      expect((await flow.call(granted.accessToken)).status).toBe(401);
      expect((await flow.refresh(granted.client, granted.refreshToken)).body.error).toBe('invalid_grant');
    }
  });
});

describe('authorizationServerUrl', () => {
  it('makes a resource server only, which takes tokens of that server and nobody else', async () => {
    const { privateKey, publicKey } = keyPair('ec');
    const issuer = 'https://auth.example.com';
    const { server, flow } = await start({
      options: {
        authorizationServerUrl: issuer,
        tokenSigningAlgorithm: 'ES256',
        tokenSigningPublicKey: publicKey,
        tokenSigningKid: 'theirs',
        currentUser: undefined as never,
        loginUrl: undefined as never,
      },
    });
    const metadata = await (
      await flow.call(undefined, '/.well-known/oauth-protected-resource/mcp/api')
    ).json();
    expect(metadata).toMatchObject({ resource: `${server.url}/mcp/api`, authorization_servers: [issuer] });
    for (const path of ['/.well-known/oauth-authorization-server', '/oauth/authorize', '/oauth/userinfo']) {
      expect((await flow.call(undefined, path)).status).toBe(404);
    }
    for (const path of ['/oauth/token', '/oauth/register', '/oauth/revoke', '/oauth/introspect']) {
      expect((await flow.token({ grant_type: 'refresh_token' }, {}, path)).status).toBe(404);
    }

    const now = Math.floor(Date.now() / 1000);
    const token = (claims: Record<string, unknown> = {}): string => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const input = `${part({ alg: 'ES256', typ: 'at+jwt', kid: 'theirs' })}.${part({
        ...{ iss: issuer, sub: 'alice', aud: `${server.url}/mcp/api`, client_id: 'c', scope: 'mcp:read' },
        ...{ iat: now, exp: now + 60, jti: 'one', grant_id: 'a-grant', grant_created_at: now * 1000 },
        ...claims,
      })}`;
      const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${input}.${signature.toString('base64url')}`;
    };
    expect((await flow.call(token())).status).toBe(200);
    expect((await flow.call(token({ iss: server.url }))).status).toBe(401);
    expect((await flow.call(token({ aud: 'https://other.example/mcp' }))).status).toBe(401);
  });
});

describe('max_age and authTime', () => {
  it('sends to login when the last one is too old, and tells the client when it was', async () => {
    const { privateKey } = keyPair('ec');
    let authTime = new Date(Date.now() - 3_600_000);
    const { flow } = await start({
      options: {
        tokenSigningAlgorithm: 'ES256',
        tokenSigningPrivateKey: privateKey,
        currentUser: () => ({ id: 'alice', authTime }),
      },
    });
    const client = await flow.register();
    const pkce = createPkce();
    const browser = new TestBrowser();
    const url = flow.authorizeUrl(client, pkce, { max_age: '60', scope: 'openid mcp:read' });
    const first = await browser.request(url);
    expect([first.status, first.headers.get('location')]).toEqual([303, expect.stringMatching(/^\/login/)]);

    authTime = new Date();
    const redirect = await flow.consent(browser, url);
    const { body } = await flow.redeem(client, redirect.searchParams.get('code') ?? '', pkce);
    const claims = JSON.parse(
      Buffer.from(String(body.id_token).split('.')[1] ?? '', 'base64url').toString(),
    ) as Record<string, unknown>;
    expect(claims.auth_time).toBe(Math.floor(authTime.getTime() / 1000));
  });
});

describe('the scope of a client', () => {
  it('is a ceiling when the operator set it, and a default when the client registered itself', async () => {
    const { flow } = await start({
      options: {
        clients: [{ clientId: 'reader', redirectUris: [REDIRECT_URI], scope: 'mcp:read' }],
      },
    });
    const reader = { client_id: 'reader', redirect_uris: [REDIRECT_URI] };
    expect((await flow.tokens('alice', {}, reader)).answer.body.scope).toBe('mcp:read');
    const self = await flow.register({ scope: 'mcp:read' });
    expect((await flow.tokens('alice', { scope: undefined }, self)).answer.body.scope).toBe('mcp:read');
    expect((await flow.tokens('alice', {}, self)).answer.body.scope).toBe('mcp:read mcp:write');
  });
});

describe('currentOrg', () => {
  it('becomes the org of the token, and consent of one organization is none of another', async () => {
    let org = 'acme';
    const { flow } = await start({ options: { currentOrg: () => org } });
    const { accessToken } = await flow.tokens();
    expect(await (await flow.call(accessToken)).json()).toMatchObject({ userId: 'alice', orgId: 'acme' });

    const client = await flow.register();
    const browser = new TestBrowser('alice');
    const answering = browser.submit.bind(browser);
    browser.submit = (...parameters) => {
      org = 'other';
      return answering(...parameters);
    };
    await expect(flow.consent(browser, flow.authorizeUrl(client, createPkce()))).rejects.toThrow(/403/);
  });

  it('shows a mistake of the application as a mistake, not as signed out', async () => {
    const { server, flow } = await start({
      options: {
        currentOrg: () => {
          throw new TypeError('a bug of the application');
        },
      },
    });
    const client = await flow.register();
    const answer = await new TestBrowser('alice').request(flow.authorizeUrl(client, createPkce()));
    const location = new URL(answer.headers.get('location') ?? '', server.url);
    expect(location.searchParams.get('error')).toBe('server_error');
    expect(location.href).not.toContain('bug');
  });
});
