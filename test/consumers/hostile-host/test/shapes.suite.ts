import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, get } from 'node:http';
import { createPkce, Flow } from '../../../support/flow.js';
import type { AdapterName } from '../src/settings.js';
import type { HostDatabaseKind, HostDatabases } from './databases.js';
import { HostBrowser } from './host-browser.js';
import { machineRefusals, pageRefusals, type Refusal } from './refusals.js';
import { SLOW, startHost, type RunningHost } from './running-host.js';

const INSPECTOR = 'https://inspector.example';
const FRONTEND = 'https://app.example';
const JSON_TYPE = 'application/json; charset=utf-8';

/** Every answer of the module looks as the standards say, whatever the application does to its own. */
export function describeShapes(adapter: AdapterName, kind: HostDatabaseKind): void {
  describe(`the module's answers on ${adapter}`, () => {
    let databases: HostDatabases;
    let host: RunningHost;
    let flow: Flow;

    beforeAll(async () => {
      databases = await kind.create();
      host = await startHost({ adapter, databases });
      flow = new Flow(host.url);
    }, SLOW);
    afterAll(async () => {
      await host?.close();
      await databases?.drop();
    }, SLOW);

    const send = ({ path, method = 'GET', headers, body }: Omit<Refusal, 'what' | 'status' | 'error'>) =>
      fetch(`${host.url}${path}`, {
        method,
        redirect: 'manual',
        ...(headers && { headers }),
        ...(body !== undefined && { body }),
      });

    const tokens = async (scope: string) => {
      const client = await flow.register();
      const pkce = createPkce();
      const browser = new HostBrowser(host.url);
      await browser.signIn();
      const resource = `${host.url}/api/v1/mcp`;
      const redirect = await flow.consent(browser, flow.authorizeUrl(client, pkce, { resource, scope }));
      const { body } = await flow.redeem(client, redirect.searchParams.get('code') ?? '', pkce);
      return String(body.access_token);
    };

    it.each(machineRefusals())('$what: $status $error', async ({ status, error, tells, ...request }) => {
      const response = await send(request);
      const { headers } = response;
      expect([response.status, headers.get('content-type')]).toEqual([status, JSON_TYPE]);
      const body = (await response.json()) as object;
      expect(body).toEqual({ error, error_description: expect.any(String) });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBe('*');
      for (const [name, pattern] of Object.entries(tells ?? {})) {
        expect(headers.get(name) ?? '').toMatch(pattern);
      }
    });

    it.each(pageRefusals())('$what: a page, $status $error', async ({ status, error, tells, ...request }) => {
      const response = await send(request);
      expect(response.status).toBe(status);
      expect(await response.text()).toContain(`<code>${error}</code>`);
      expectPage(response);
      for (const [name, pattern] of Object.entries(tells ?? {})) {
        expect(response.headers.get(name) ?? '').toMatch(pattern);
      }
    });

    it('the consent page: with the module’s own policies, not helmet’s', async () => {
      const browser = new HostBrowser(host.url);
      await browser.signIn();
      const url = flow.authorizeUrl(await flow.register(), createPkce(), {
        resource: `${host.url}/api/v1/mcp`,
      });
      const response = await browser.request(url);
      expect(response.status).toBe(200);
      expectPage(response);
      // What the module has no opinion about is helmet's.
      expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    });

    it('an approval from a foreign page: refused, although the application trusts its frontend', async () => {
      for (const origin of [FRONTEND, INSPECTOR, 'null']) {
        const response = await send({
          method: 'POST',
          path: '/oauth/approve',
          headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
          body: 'approved=true',
        });
        expect(response.status).toBe(403);
      }
    });

    it('discovery documents: bare JSON, also by HEAD', async () => {
      for (const path of [
        '/.well-known/oauth-protected-resource',
        '/.well-known/oauth-protected-resource/api/v1/mcp',
        '/.well-known/oauth-authorization-server',
        '/.well-known/openid-configuration',
        '/.well-known/jwks.json',
      ]) {
        const [get, head] = [await send({ path }), await send({ path, method: 'HEAD' })];
        expect([get.status, get.headers.get('content-type')]).toEqual([200, JSON_TYPE]);
        expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
          200,
          JSON_TYPE,
          '',
        ]);
        const document = (await get.json()) as object;
        expect(Object.keys(document)).not.toContain('data');
        expect('issuer' in document || 'resource' in document || 'keys' in document).toBe(true);
      }
    });

    it('preflights: by the module’s policy for machines, by the application’s for everything else', async () => {
      const preflight = async (path: string) => {
        const response = await send({
          method: 'OPTIONS',
          path,
          headers: { origin: INSPECTOR, 'access-control-request-method': 'POST' },
        });
        const { headers } = response;
        return [
          response.status,
          headers.get('access-control-allow-origin'),
          headers.get('access-control-allow-credentials'),
        ];
      };
      for (const path of [
        '/oauth/token',
        '/oauth/register',
        '/oauth/revoke',
        '/oauth/introspect',
        '/oauth/userinfo',
        '/.well-known/oauth-authorization-server',
        '/api/v1/mcp',
      ]) {
        expect([path, ...(await preflight(path))]).toEqual([path, 204, '*', null]);
      }
      for (const path of ['/api/v1/notes', '/oauth/authorize', '/oauth/approve']) {
        expect([path, ...(await preflight(path))]).toEqual([path, 204, FRONTEND, 'true']);
      }
    });

    it('a connection: it carries the next request, although the interceptor stumbles and the filter answers again', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const isReused = (path: string) =>
        new Promise<boolean>((done, fail) => {
          const request = get(`${host.url}${path}`, { agent }, (response) => {
            response.resume().once('end', () => done(request.reusedSocket));
          }).once('error', fail);
        });
      const paths = [
        '/oauth/token',
        '/oauth/authorize',
        '/.well-known/jwks.json',
        '/oauth/userinfo',
        '/login',
      ];
      const reused: boolean[] = [];
      for (const path of paths) reused.push(await isReused(path));
      agent.destroy();
      expect(reused).toEqual([false, true, true, true, true]);
    });

    it('a browser-based client’s requests: answered in spite of every CSRF protection', async () => {
      const response = await send({
        method: 'POST',
        path: '/oauth/register',
        headers: { 'content-type': 'application/json', origin: INSPECTOR, 'sec-fetch-site': 'cross-site' },
        // Above the application's limit of 10 kB, below the module's.
        body: JSON.stringify({
          redirect_uris: [`${INSPECTOR}/callback`],
          client_name: 'x',
          more: 'x'.repeat(20_000),
        }),
      });
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([201, '*']);
      expect(await response.json()).toMatchObject({ client_name: 'x', client_id: expect.any(String) });
    });

    it('a missing scope: headers of the module’s, in a body of the application’s', async () => {
      const token = await tokens('mcp:read');
      const response = await flow.call(token, '/api/v1/mcp/notes', { method: 'POST' });
      expect(response.status).toBe(403);
      expect(response.headers.get('www-authenticate')).toMatch(
        /^Bearer error="insufficient_scope", .*scope="mcp:write", resource_metadata="[^"]+\/api\/v1\/mcp"$/,
      );
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toEqual({
        problem: { status: 403, detail: expect.any(String) },
      });
    });

    it('beyond the gate: the application’s own 404 and its own public routes', async () => {
      const missing = await flow.call(await tokens('mcp:read'), '/api/v1/mcp/nothing');
      expect([missing.status, await missing.json()]).toEqual([
        404,
        { problem: { status: 404, detail: expect.stringContaining('/api/v1/mcp/nothing') } },
      ]);
      const docs = await flow.call(undefined, '/api/v1/mcp/docs');
      expect([docs.status, await docs.json()]).toEqual([200, { data: 'documentation', size: 15 }]);
    });
  });
}

function expectPage({ headers }: Response): void {
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'$/,
  );
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('referrer-policy')).toBe('same-origin');
  expect(headers.get('access-control-allow-origin')).not.toBe('*');
}
