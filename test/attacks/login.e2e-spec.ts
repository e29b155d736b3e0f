import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DerivedKeys } from '../../lib/keys/derived-keys.js';
import { Sealer } from '../../lib/keys/sealer.js';
import { ADAPTERS, SECRET, startApp, type TestApp } from '../support/app.js';
import { createPkce, Flow, TestBrowser, type RegisteredClient } from '../support/flow.js';

describe.each(ADAPTERS)('the way over login on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;
  let client: RegisteredClient;
  const pkce = createPkce();

  beforeAll(async () => {
    server = await startApp({ adapter });
    flow = new Flow(server.url);
    client = await flow.register();
  });
  afterAll(() => server.close());

  const returnTo = (response: Response): URL => {
    const login = new URL(response.headers.get('location') ?? '', server.url);
    expect(login.pathname).toBe('/login');
    return new URL(login.searchParams.get('returnTo') ?? '', server.url);
  };
  const open = (parameters: Record<string, string>, browser: TestBrowser): Promise<Response> =>
    browser.request(flow.authorizeUrl(client, pkce, parameters));

  it('comes back to a path of this server, whatever the request says', async () => {
    for (const state of ['//evil.example', 'https://evil.example/', '\\\\evil.example', '/../..']) {
      const back = returnTo(await open({ state, returnTo: state, next: state }, new TestBrowser()));
      expect([back.origin, back.pathname]).toEqual([server.url, '/oauth/authorize']);
      expect(back.searchParams.get('state')).toBe(state);
    }
  });

  it('counts as a login for this browser, this request and a short while alone', async () => {
    const browser = new TestBrowser('alice');
    const back = returnTo(await open({ prompt: 'login' }, browser));
    expect((await browser.request(back.href)).status).toBe(200);

    const changed = new URL(back);
    changed.searchParams.set('scope', 'mcp:read');
    const stranger = new TestBrowser('alice');
    await stranger.request(flow.authorizeUrl(client, pkce));
    const forged = new URL(back);
    forged.searchParams.set('mcp_auth_login', `${back.searchParams.get('mcp_auth_login')}x`);
    const sealer = new Sealer(new DerivedKeys(SECRET));
    const marker = sealer.open('login-marker', back.searchParams.get('mcp_auth_login') ?? '') as {
      sentAt: number;
    };
    const late = new URL(back);
    late.searchParams.set(
      'mcp_auth_login',
      sealer.seal('login-marker', { ...marker, sentAt: marker.sentAt - 601_000 }),
    );
    const another = new Sealer(new DerivedKeys('another-secret-0123456789-0123456789-abc'));
    const unsigned = new URL(back);
    unsigned.searchParams.set('mcp_auth_login', another.seal('login-marker', marker));
    for (const [who, url] of [
      [browser, changed],
      [stranger, back],
      [browser, forged],
      [browser, late],
      [browser, unsigned],
    ] as const) {
      returnTo(await who.request(url.href));
    }
  });

  it('is a login, too, when the application reports no time and the client sets a maximum', async () => {
    const browser = new TestBrowser('alice');
    for (const age of ['0', '60']) {
      const back = returnTo(await open({ max_age: age }, browser));
      expect((await browser.request(back.href)).status).toBe(200);
    }
    for (const age of ['-1', '1e3', '1.5', ' 1', '0x10', '9999999999']) {
      const refused = await open({ max_age: age }, browser);
      expect(refused.headers.get('location')).toContain('error=invalid_request');
    }
  });

  it('is not gone for prompt=none, and nothing is approved in silence', async () => {
    const alice = new TestBrowser('alice');
    await flow.consent(alice, flow.authorizeUrl(client, pkce));
    for (const [browser, error] of [
      [alice, 'consent_required'],
      [new TestBrowser(), 'login_required'],
    ] as const) {
      for (const headers of [
        [],
        [
          ['sec-fetch-site', 'cross-site'],
          ['sec-fetch-dest', 'iframe'],
        ],
      ]) {
        const url = flow.authorizeUrl(client, pkce, { prompt: 'none', approved: 'true' });
        const response = await browser.request(url, {
          headers: Object.fromEntries(headers) as Record<string, string>,
        });
        const { searchParams } = new URL(response.headers.get('location') ?? '');
        expect(Object.fromEntries(searchParams)).toMatchObject({ error, state: 'a-state', iss: server.url });
        expect(searchParams.has('code')).toBe(false);
      }
    }
    const old = await open({ prompt: 'none', max_age: '0' }, alice);
    expect(old.headers.get('location')).toContain('error=login_required');
  });
});
