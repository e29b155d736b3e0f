import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import {
  createPkce,
  Flow,
  hiddenFields,
  REDIRECT_URI,
  TestBrowser,
  type RegisteredClient,
} from '../support/flow.js';

describe.each(ADAPTERS)('the authorization endpoint on %s', (adapter) => {
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

  const open = (parameters: Record<string, string | undefined>, browser = new TestBrowser('alice')) =>
    browser.request(flow.authorizeUrl(client, pkce, parameters));

  it.each([
    ['an unknown client', { client_id: 'nobody' }, /client_id is not registered/],
    ['no client', { client_id: undefined }, /client_id is missing/],
    ['no redirect URI', { redirect_uri: undefined }, /redirect_uri is missing/],
    ['a foreign redirect URI', { redirect_uri: 'https://evil.example/cb' }, /redirect_uri is not registered/],
    ['another path', { redirect_uri: `${REDIRECT_URI}/x` }, /redirect_uri is not registered/],
    [
      'another host on loopback',
      { redirect_uri: 'http://127.0.0.1:7777/callback' },
      /redirect_uri is not registered/,
    ],
    [
      'a bad redirect URI with prompt=none',
      { redirect_uri: 'https://evil.example/', prompt: 'none' },
      /redirect_uri/,
    ],
  ])('shows a page and redirects nowhere for %s', async (_, parameters, message) => {
    const response = await open(parameters);
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(await response.text()).toMatch(message);
  });

  it.each([
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['response_type=token', { response_type: 'token' }, 'unsupported_response_type'],
    ['no code_challenge', { code_challenge: undefined }, 'invalid_request'],
    ['method plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no method', { code_challenge_method: undefined }, 'invalid_request'],
    ['a short challenge', { code_challenge: 'x'.repeat(42) }, 'invalid_request'],
    ['only unknown scopes', { scope: 'admin root' }, 'invalid_scope'],
    ['an unknown resource', { resource: 'https://elsewhere.example/mcp' }, 'invalid_target'],
    ['prompt=none with consent missing', { prompt: 'none' }, 'consent_required'],
    ['prompt=none and more', { prompt: 'none login' }, 'invalid_request'],
  ])('redirects an error with state and iss for %s', async (_, parameters, error) => {
    const response = await open(parameters);
    expect(response.status).toBe(303);
    const { searchParams, origin } = new URL(response.headers.get('location') ?? '');
    expect(origin).toBe('http://localhost:7777');
    expect(Object.fromEntries(searchParams)).toMatchObject({ error, state: 'a-state', iss: server.url });
  });

  it('answers prompt=none with login_required when nobody is signed in', async () => {
    const response = await open({ prompt: 'none' }, new TestBrowser());
    expect(new URL(response.headers.get('location') ?? '').searchParams.get('error')).toBe('login_required');
  });

  it('ignores approved=true', async () => {
    const response = await open({ approved: 'true' });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('wants access to');
  });

  it('goes on with the very same request after login', async () => {
    const browser = new TestBrowser();
    const toLogin = await open({ prompt: 'login' }, browser);
    const login = new URL(toLogin.headers.get('location') ?? '', server.url);
    expect(login.pathname).toBe('/login');
    browser.setCookie('test_user', 'alice');
    const redirect = await flow.consent(
      browser,
      new URL(login.searchParams.get('returnTo') ?? '', server.url).href,
    );
    expect(redirect.searchParams.get('state')).toBe('a-state');
    expect((await flow.redeem(client, String(redirect.searchParams.get('code')), pkce)).status).toBe(200);
  });

  it('goes on after login with what was posted, too', async () => {
    const browser = new TestBrowser();
    const query = new URL(flow.authorizeUrl(client, pkce, { state: 'posted state & more' })).searchParams;
    const toLogin = await browser.submit(`${server.url}/oauth/authorize`, [...query]);
    const returnTo = new URL(toLogin.headers.get('location') ?? '', server.url).searchParams.get('returnTo');
    browser.setCookie('test_user', 'alice');
    const redirect = await flow.consent(browser, `${server.url}${returnTo}`);
    expect(redirect.searchParams.get('state')).toBe('posted state & more');
    expect(redirect.searchParams.get('code')).not.toBeNull();
  });

  it('does not take another browser or a signed-in user for a fresh login', async () => {
    const toLogin = await open({ prompt: 'login' });
    expect(toLogin.headers.get('location')).toMatch(/^\/login/);
    const returnTo =
      new URL(toLogin.headers.get('location') ?? '', server.url).searchParams.get('returnTo') ?? '';
    const elsewhere = await new TestBrowser('alice').request(new URL(returnTo, server.url).href);
    expect(elsewhere.headers.get('location')).toMatch(/^\/login/);
  });

  it('uses any port of a loopback redirect and keeps its query', async () => {
    const native = await flow.register({ redirect_uris: ['http://127.0.0.1/cb?a=1'] });
    const browser = new TestBrowser('alice');
    const redirect = await flow.consent(
      browser,
      flow.authorizeUrl(native, pkce, { redirect_uri: 'http://127.0.0.1:51234/cb?a=1' }),
    );
    expect(redirect.href).toMatch(/^http:\/\/127\.0\.0\.1:51234\/cb\?a=1&code=[\w-]+&state=a-state&iss=/);
  });

  it('narrows unknown scopes and reports what is granted', async () => {
    const { answer } = await flow.tokens('alice', { scope: 'mcp:write offline_access nonsense' });
    expect(answer.body.scope).toBe('mcp:read mcp:write');
  });

  it('grants what is ticked, plus what is required, and nothing that was not shown', async () => {
    const browser = new TestBrowser('alice');
    const url = flow.authorizeUrl(client, pkce, { scope: 'mcp:read' });
    const redirect = await flow.consent(browser, url, { scopes: ['mcp:write', 'admin'] });
    const { body } = await flow.redeem(client, String(redirect.searchParams.get('code')), pkce);
    expect(body.scope).toBe('mcp:read');
  });

  it('sends a denial back', async () => {
    const redirect = await flow.consent(new TestBrowser('alice'), flow.authorizeUrl(client, pkce), {
      approved: false,
    });
    expect(Object.fromEntries(redirect.searchParams)).toMatchObject({
      error: 'access_denied',
      iss: server.url,
    });
    expect(redirect.searchParams.get('code')).toBeNull();
  });

  describe('the consent', () => {
    const fieldsOf = async (browser: TestBrowser): Promise<[string, string][]> => {
      const page = await browser.request(flow.authorizeUrl(client, pkce));
      return [...hiddenFields(await page.text()), ['approved', 'true']];
    };
    const approveUrl = (): string => `${server.url}/oauth/approve`;

    it('is refused for another browser, another user, a foreign origin and a forged ticket', async () => {
      const browser = new TestBrowser('alice');
      const fields = await fieldsOf(browser);
      const otherBrowser = new TestBrowser('alice');
      await otherBrowser.request(flow.authorizeUrl(client, pkce));
      expect((await otherBrowser.submit(approveUrl(), fields)).status).toBe(403);
      for (const origin of ['https://evil.example', 'null']) {
        expect((await browser.submit(approveUrl(), fields, { origin })).status).toBe(403);
      }
      const forged = fields.map(([name, value]): [string, string] => [
        name,
        name === 'consent_ticket' ? `${value.slice(0, -3)}AAA` : value,
      ]);
      expect((await browser.submit(approveUrl(), forged)).status).toBe(403);
      browser.setCookie('test_user', 'mallory');
      expect((await browser.submit(approveUrl(), fields)).status).toBe(403);
      expect((await browser.request(approveUrl())).status).toBe(405);
      browser.setCookie('test_user', 'alice');
      expect((await browser.submit(approveUrl(), fields, { origin: server.url })).status).toBe(303);
    });

    it('yields the same code when it is posted twice, until that is used', async () => {
      const browser = new TestBrowser('alice');
      const fields = await fieldsOf(browser);
      const first = await browser.submit(approveUrl(), fields);
      const second = await browser.submit(approveUrl(), fields);
      expect(second.headers.get('location')).toBe(first.headers.get('location'));
      const code = new URL(first.headers.get('location') ?? '').searchParams.get('code') ?? '';
      await flow.redeem(client, code, pkce);
      expect((await browser.submit(approveUrl(), fields)).status).toBe(400);
    });

    it('cannot be changed by other posted fields', async () => {
      const browser = new TestBrowser('alice');
      const fields = (await fieldsOf(browser)).map(([name, value]): [string, string] =>
        name === 'redirect_uri' ? [name, 'https://evil.example/'] : [name, value],
      );
      const response = await browser.submit(approveUrl(), fields);
      expect(response.headers.get('location')).toMatch(/^http:\/\/localhost:7777\/callback\?code=/);
    });
  });
});
