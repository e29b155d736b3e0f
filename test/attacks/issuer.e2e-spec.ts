import { afterEach, describe, expect, it } from '@jest/globals';
import { ADAPTERS, freePort, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { createPkce, Flow, REDIRECT_URI, TestBrowser } from '../support/flow.js';
import { decodeJwt } from '../support/forge.js';
import { rawRequest, statusOf } from '../support/raw-request.js';

const POISON = [
  'Host: evil.example',
  'Host: evil.example:443@localhost',
  'X-Forwarded-Host: evil.example',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Port: 443',
  'X-Forwarded-Prefix: /evil.example',
  'X-Forwarded-Server: evil.example',
  'X-Original-URL: /evil.example',
  'X-Rewrite-URL: /evil.example',
  'X-Host: evil.example',
  'Forwarded: host=evil.example;proto=https',
];

const open: TestApp[] = [];
async function start(setup: TestAppOptions): Promise<TestApp> {
  const server = await startApp(setup);
  open.push(server);
  return server;
}
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

describe.each(ADAPTERS)('the issuer on %s', (adapter) => {
  it.each(['', '/', '/tenant'])(
    'is what was configured, byte by byte, in metadata, answers and tokens: with %j at its end',
    async (path) => {
      const issuer = `http://localhost:${await freePort()}${path}`;
      const base = issuer.replace(/\/$/, '');
      const prefix = path === '/tenant' ? path : '';
      const server = await start({
        adapter,
        extras: { routePrefix: prefix },
        options: { serverUrl: issuer, mcpServerPath: '/mcp/api' },
      });
      const flow = new Flow(`${server.url}${prefix}`);
      const wellKnown = `${server.url}/.well-known/oauth-authorization-server${prefix}`;
      const metadata = (await (await fetch(wellKnown)).json()) as Record<string, unknown>;
      expect(metadata.issuer).toBe(issuer);
      const client = await flow.register();
      const pkce = createPkce();
      const resource = `${base}/mcp/api`;
      const url = flow.authorizeUrl(client, pkce, { resource });
      const approved = await flow.consent(new TestBrowser('alice'), url);
      const denied = await flow.consent(new TestBrowser('alice'), url, { approved: false });
      const wrong = await new TestBrowser('alice').request(
        flow.authorizeUrl(client, pkce, { resource, response_type: 'token' }),
      );
      const refused = new URL(wrong.headers.get('location') ?? '');
      expect([approved, denied, refused].map(({ searchParams }) => searchParams.getAll('iss'))).toEqual(
        Array(3).fill([issuer]),
      );
      const { body } = await flow.redeem(client, approved.searchParams.get('code') ?? '', pkce);
      expect(decodeJwt(String(body.access_token)).claims.iss).toBe(issuer);
    },
  );

  it('and every URL that is made from it are the same, whatever Host and proxies say', async () => {
    const server = await start({ adapter });
    const flow = new Flow(server.url);
    const client = await flow.register();
    const authorize = new URL(flow.authorizeUrl(client, createPkce()));
    const targets: [method: string, target: string, headers: string][] = [
      ['GET', '/.well-known/oauth-protected-resource/mcp/api', ''],
      ['GET', '/.well-known/oauth-protected-resource', ''],
      ['GET', '/.well-known/oauth-authorization-server', ''],
      ['GET', '/.well-known/openid-configuration', ''],
      ['GET', '/mcp/api/whoami', ''],
      ['GET', '/mcp/api/whoami', 'Authorization: Bearer x\r\n'],
      ['GET', '/oauth/userinfo', ''],
      ['GET', `${authorize.pathname}${authorize.search}`, ''],
      ['GET', `${authorize.pathname}${authorize.search}&prompt=none`, 'Cookie: test_user=alice\r\n'],
      ['GET', `${authorize.pathname}${authorize.search}`, 'Cookie: test_user=alice\r\n'],
    ];
    const varying =
      /^(date|set-cookie|etag):.*$|mcp_auth_login=?[^&\s]*|mcp_auth_login%3D[\w.%-]*|value="[\w.-]{200,}"/gim;
    for (const [method, target, headers] of targets) {
      const expected = (await rawRequest(server.url, method, target, headers)).replace(varying, '');
      for (const line of POISON) {
        const answer = await rawRequest(server.url, method, target, `${line}\r\n${headers}`);
        expect([line, target, answer.replace(varying, '')]).toEqual([line, target, expected]);
      }
      // An absolute-form target names a host as well (RFC 9112, section 3.2.2).
      const absolute = await rawRequest(server.url, method, `http://evil.example${target}`, headers);
      expect([target, absolute.replace(varying, '')]).toEqual([target, expected]);
    }
  });

  it('decides who may post the consent form, not the Host that the form was posted to', async () => {
    const server = await start({ adapter });
    const answer = await rawRequest(
      server.url,
      'POST',
      '/oauth/approve',
      'Host: evil.example\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n',
    );
    expect(statusOf(answer)).toBe(403);
    expect(answer).toContain(`not posted from ${server.url}`);
    expect(answer).not.toContain(REDIRECT_URI);
  });
});
