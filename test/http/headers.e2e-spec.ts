import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { createPkce, Flow, REDIRECT_URI, TestBrowser } from '../support/flow.js';

const ORIGIN = { origin: 'https://inspector.example' };
const PREFLIGHT = {
  ...ORIGIN,
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type,mcp-protocol-version',
};

describe.each(ADAPTERS)('headers on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;

  beforeAll(async () => {
    server = await startApp({ adapter });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  it('let no cache keep an answer that carries a credential', async () => {
    const { client, accessToken, refreshToken } = await flow.tokens();
    const form = { token: accessToken, client_id: client.client_id };
    const answers = [
      (await flow.refresh(client, refreshToken)).headers,
      (await flow.token(form, {}, '/oauth/introspect')).headers,
      (await flow.call(undefined)).headers,
      (await flow.call(accessToken, '/oauth/userinfo')).headers,
      (
        await fetch(`${server.url}/oauth/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ redirect_uris: [REDIRECT_URI] }),
        })
      ).headers,
      (await new TestBrowser('alice').request(flow.authorizeUrl(client, createPkce()))).headers,
    ];
    expect(answers.map((headers) => headers.get('cache-control'))).toEqual(answers.map(() => 'no-store'));
    expect((await flow.refresh(client, refreshToken)).headers.get('pragma')).toBe('no-cache');
  });

  it('let browser-based clients of any origin reach machine endpoints and the MCP path', async () => {
    for (const path of [
      '/oauth/token',
      '/oauth/register',
      '/oauth/revoke',
      '/oauth/introspect',
      '/oauth/userinfo',
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource/mcp/api',
      '/mcp/api/whoami',
    ]) {
      const { status, headers } = await flow.call(undefined, path, { method: 'OPTIONS', headers: PREFLIGHT });
      expect([path, status, headers.get('access-control-allow-origin')]).toEqual([path, 204, '*']);
      for (const name of [
        'Authorization',
        'Content-Type',
        'MCP-Protocol-Version',
        'Mcp-Method',
        'Mcp-Name',
        'Mcp-Session-Id',
        'DPoP',
      ]) {
        expect(headers.get('access-control-allow-headers')).toContain(name);
      }
    }
    const refused = await flow.call(undefined, '/mcp/api/whoami', { headers: ORIGIN });
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect(refused.headers.get('access-control-expose-headers')).toMatch(/WWW-Authenticate.*Mcp-Session-Id/);
  });

  it('let no other origin read or frame the pages', async () => {
    const client = await flow.register();
    const page = await new TestBrowser('alice').request(flow.authorizeUrl(client, createPkce()), {
      headers: {},
    });
    for (const response of [page, await flow.call(undefined, '/oauth/authorize', { headers: ORIGIN })]) {
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(response.headers.get('x-frame-options')).toBe('DENY');
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(policy).not.toMatch(/script-src|unsafe-inline|form-action/);
      expect(response.headers.get('referrer-policy')).toBe('same-origin');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
    const preflight = await flow.call(undefined, '/oauth/approve', { method: 'OPTIONS', headers: PREFLIGHT });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('say nothing of an error to who brings no token, and what is wrong to who brings a bad one (RFC 6750, section 3.1)', async () => {
    expect((await flow.call(undefined)).headers.get('www-authenticate')).not.toContain('error=');
    expect((await flow.call('broken')).headers.get('www-authenticate')).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+", scope="mcp:read mcp:write", resource_metadata="http[^"]+"$/,
    );
  });
});

describe('the routes of the module', () => {
  it('are its endpoints and nothing else: no helper can be called from outside', async () => {
    const server = await startApp();
    const { stack } = (
      server.app.getHttpAdapter().getInstance() as { router: { stack: { route?: { path: string } }[] } }
    ).router;
    const paths = new Set(
      stack
        .map(({ route }) => route?.path)
        .filter((path): path is string => path !== undefined)
        .map((path) => path.replace(/\/:.*/, '')),
    );
    expect([...paths].sort()).toEqual(
      [
        ...['/.well-known/jwks.json', '/.well-known/oauth-authorization-server'],
        ...['/.well-known/oauth-protected-resource', '/.well-known/openid-configuration'],
        ...['/mcp/api/notes', '/mcp/api/whoami'],
        ...['/oauth/approve', '/oauth/authorize', '/oauth/introspect', '/oauth/register'],
        ...['/oauth/revoke', '/oauth/token', '/oauth/userinfo'],
      ].sort(),
    );
    await server.close();
  });
});
