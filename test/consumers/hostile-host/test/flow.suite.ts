import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPkce, Flow, type RegisteredClient } from '../../../support/flow.js';
import type { AdapterName } from '../src/settings.js';
import type { HostDatabaseKind, HostDatabases } from './databases.js';
import { HostBrowser } from './host-browser.js';
import { SLOW, startHost, type RunningHost } from './running-host.js';

type Json = Record<string, unknown>;

/** The whole way of a client, from not knowing anything to being sent away. */
export function describeFlow(adapter: AdapterName, kind: HostDatabaseKind, dataSourceName?: string): void {
  const where = dataSourceName === undefined ? 'the unnamed DataSource' : 'a DataSource of its own';

  describe(`the flow on ${adapter}, ${kind.name}, in ${where}`, () => {
    let databases: HostDatabases;
    let host: RunningHost;
    let flow: Flow;

    beforeAll(async () => {
      databases = await kind.create();
      host = await startHost({ adapter, databases, dataSourceName });
      flow = new Flow(host.url);
    }, SLOW);
    afterAll(async () => {
      await host?.close();
      await databases?.drop();
    }, SLOW);

    const json = async (url: string): Promise<Json> => (await (await fetch(url)).json()) as Json;
    const whoami = (token?: string) => flow.call(token, '/api/v1/mcp/whoami');

    it(
      'leads from the challenge through login and consent to a call, and on to the end of the grant',
      async () => {
        const resource = `${host.url}/api/v1/mcp`;
        const challenge = await whoami();
        expect(challenge.status).toBe(401);
        const [, metadataUrl = ''] =
          /resource_metadata="([^"]+)"/.exec(challenge.headers.get('www-authenticate') ?? '') ?? [];
        const about = await json(metadataUrl);
        expect(about).toMatchObject({ resource, authorization_servers: [host.url] });
        const server = await json(`${host.url}/.well-known/oauth-authorization-server`);
        expect(server).toMatchObject({
          issuer: host.url,
          authorization_endpoint: `${host.url}/oauth/authorize`,
          token_endpoint: `${host.url}/oauth/token`,
          registration_endpoint: `${host.url}/oauth/register`,
        });

        const client = await flow.register({ scope: 'openid email mcp:read mcp:write' });
        const pkce = createPkce();
        const authorizeUrl = flow.authorizeUrl(client, pkce, {
          resource,
          scope: 'openid email mcp:read mcp:write',
        });

        const browser = new HostBrowser(host.url);
        const toLogin = await browser.request(authorizeUrl);
        expect(toLogin.status).toBe(303);
        const loginUrl = new URL(toLogin.headers.get('location') ?? '', host.url);
        expect(loginUrl.pathname).toBe('/login');
        expect(await (await browser.request(loginUrl.href)).json()).toEqual({
          data: { page: 'login' },
          size: 16,
        });
        await browser.signIn();
        const returnTo = new URL(loginUrl.searchParams.get('returnTo') ?? '', host.url);
        const redirect = await flow.consent(browser, returnTo.href, {
          headers: { origin: host.url, 'sec-fetch-site': 'same-origin' },
        });
        expect(redirect.searchParams.get('state')).toBe('a-state');
        expect(redirect.searchParams.get('iss')).toBe(host.url);

        const issued = await flow.redeem(client, redirect.searchParams.get('code') ?? '', pkce);
        expect(issued.status).toBe(200);
        expect(issued.headers.get('cache-control')).toBe('no-store');
        expect(Object.keys(issued.body).sort()).toEqual([
          'access_token',
          'expires_in',
          'id_token',
          'refresh_token',
          'scope',
          'token_type',
        ]);
        const called = await whoami(issued.body.access_token);
        expect(await called.json()).toEqual({
          data: { userId: 'alice', scope: 'mcp:read openid email mcp:write', email: 'alice@example.com' },
          size: 88,
        });

        const refreshed = await flow.refresh(client, String(issued.body.refresh_token));
        expect(refreshed.status).toBe(200);
        const token = String(refreshed.body.access_token);
        const introspected = await ask(client, token, '/oauth/introspect');
        expect(introspected.body).toMatchObject({ active: true, sub: 'alice', iss: host.url, aud: resource });
        const userinfo = await flow.call(token, '/oauth/userinfo');
        expect(await userinfo.json()).toEqual({
          sub: 'alice',
          email: 'alice@example.com',
          email_verified: false,
        });

        const revoked = await ask(client, String(refreshed.body.refresh_token), '/oauth/revoke');
        expect([revoked.status, revoked.body]).toEqual([200, {}]);
        expect((await ask(client, token, '/oauth/introspect')).body).toEqual({ active: false });
        const refused = await whoami(token);
        expect(refused.status).toBe(401);
        expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
      },
      SLOW,
    );

    it('takes the call of a tool through the application’s CSRF protection, and through no more than that', async () => {
      const { client, token } = await tokens();
      const post = (body: object) =>
        flow.call(token, '/api/v1/mcp/notes', {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: 'https://inspector.example' },
          body: JSON.stringify(body),
        });
      expect(await (await post({ text: 'hello' })).json()).toEqual({
        data: { addedBy: 'alice', text: 'hello' },
        size: 34,
      });
      expect((await post({ text: 'hello', more: 1 })).status).toBe(400);
      expect((await post({ text: 'x'.repeat(11_000) })).status).toBe(413);
      expect((await flow.refresh(client, 'garbage')).body.error).toBe('invalid_grant');
    });

    function ask(client: RegisteredClient, token: string, path: string) {
      return flow.token({ token, client_id: client.client_id }, {}, path);
    }

    async function tokens(): Promise<{ client: RegisteredClient; token: string }> {
      const client = await flow.register();
      const pkce = createPkce();
      const browser = new HostBrowser(host.url);
      await browser.signIn();
      const url = flow.authorizeUrl(client, pkce, { resource: `${host.url}/api/v1/mcp` });
      const code = (await flow.consent(browser, url)).searchParams.get('code') ?? '';
      const { body } = await flow.redeem(client, code, pkce);
      return { client, token: String(body.access_token) };
    }
  });
}
