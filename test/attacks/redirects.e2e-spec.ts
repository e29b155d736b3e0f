import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { createPkce, Flow, REDIRECT_URI, TestBrowser, type RegisteredClient } from '../support/flow.js';

const DANGEROUS = [
  'javascript:alert(1)',
  'JaVaScRiPt://localhost/%0aalert(1)',
  'data:text/html;base64,PHNjcmlwdD4=',
  'DATA:text/html,x',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'blob:https://app.example/1',
  'about:blank',
  'view-source:https://app.example/',
  'filesystem:https://app.example/',
  'intent://app.example/',
  'ftp://app.example/cb',
  ' javascript:alert(1)',
  '\tjavascript:alert(1)',
  '\u0001javascript:alert(1)',
  'java\nscript:alert(1)',
  'java\tscript:alert(1)',
  'java\rscript:alert(1)',
  'javascript\u00ad:alert(1)',
  'javascript&colon;alert(1)',
];

/** Registered is `https://app.example/cb`. */
const SMUGGLED = [
  'https://app.example@evil.example/cb',
  'https://app.example:x@evil.example/cb',
  'https://user@app.example/cb',
  'https://app.example/cb#',
  'https://app.example/cb#@evil.example',
  'https://app.example/cb?',
  'https://app.example/cb?next=https://evil.example',
  'https://app.example/cb&x=1',
  'https://app.example/cb;x=1',
  'https://app.example/cb/',
  'https://app.example/cb/../evil',
  'https://app.example/x/../cb',
  'https://app.example/./cb',
  'https://app.example/%2e%2e/cb',
  'https://app.example/%63b',
  'https://app.example//cb',
  'https://app.example\\cb',
  'https://app.example\\@evil.example/cb',
  'https://app.example./cb',
  'https://app.example.evil.example/cb',
  'https://evil-app.example/cb',
  'https://sub.app.example/cb',
  'https://app.example:443/cb',
  'https://app.example:8443/cb',
  'https://app.example',
  'https://app.example/',
  'https://APP.example/cb',
  'HTTPS://app.example/cb',
  'http://app.example/cb',
  '//app.example/cb',
  '/cb',
  'app.example/cb',
  'https:app.example/cb',
  'https:/app.example/cb',
  'https:///app.example/cb',
  'https://app.example/cb ',
  ' https://app.example/cb',
  'https://app.example/cb\t',
  'https://app.example/c\nb',
  'https://аpp.example/cb',
  'https://app。example/cb',
  '*',
  'https://*.example/cb',
];

/** Registered is `http://127.0.0.1/cb`. */
const NOT_LOOPBACK = [
  'http://127.0.0.1.evil.example/cb',
  'http://localhost.evil.example/cb',
  'http://127.0.0.1@evil.example/cb',
  'http://127.0.0.1:80@evil.example/cb',
  'http://127.0.0.1:/cb#',
  'http://127.0.0.1:99999/cb',
  'http://127.0.0.1:1:2/cb',
  'http://127.0.0.1:x/cb',
  'http://127.1/cb',
  'http://127.0.0.2/cb',
  'http://0.0.0.0/cb',
  'http://0/cb',
  'http://2130706433/cb',
  'http://0x7f000001/cb',
  'http://0177.0.0.1/cb',
  'http://[::ffff:127.0.0.1]/cb',
  'http://[::1]/cb',
  'http://localhost/cb',
  'https://127.0.0.1/cb',
  'http://127.0.0.1/cb?x=1',
  'http://127.0.0.1/other',
  'http://127.0.0.1\\.evil.example/cb',
];

describe.each(ADAPTERS)('redirect URIs on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;
  let web: RegisteredClient;
  let native: RegisteredClient;
  const pkce = createPkce();

  beforeAll(async () => {
    server = await startApp({ adapter });
    flow = new Flow(server.url);
    web = await flow.register({ redirect_uris: ['https://app.example/cb'] });
    native = await flow.register({ redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb'] });
  });
  afterAll(() => server.close());

  /** Shown as a page, and redirected nowhere. */
  async function expectPage(url: string): Promise<void> {
    for (const browser of [new TestBrowser('alice'), new TestBrowser()]) {
      const response = await browser.request(url);
      expect([url, response.status, response.headers.get('location')]).toEqual([url, 400, null]);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    }
  }

  it.each(DANGEROUS)('are never %j, in a registration or a request', async (uri) => {
    const response = await fetch(`${server.url}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['https://app.example/cb', uri] }),
    });
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_redirect_uri' }]);
    await expectPage(flow.authorizeUrl(web, pkce, { redirect_uri: uri }));
  });

  it.each(SMUGGLED)('that are registered do not match %j', async (uri) => {
    await expectPage(flow.authorizeUrl(web, pkce, { redirect_uri: uri }));
  });

  it.each(NOT_LOOPBACK)('on loopback do not match %j', async (uri) => {
    await expectPage(flow.authorizeUrl(native, pkce, { redirect_uri: uri }));
  });

  it('match as they were registered, so that what went before was refused for its own reason', async () => {
    for (const [client, uri] of [
      [web, 'https://app.example/cb'],
      [native, 'http://127.0.0.1/cb'],
      [native, 'http://127.0.0.1:33418/cb'],
      [native, 'com.example.app:/cb'],
    ] as const) {
      const redirect = await flow.consent(
        new TestBrowser('alice'),
        flow.authorizeUrl(client, pkce, { redirect_uri: uri }),
      );
      expect(redirect.href.startsWith(`${uri}?code=`)).toBe(true);
      // In the query, where no fragment handler or script of the page picks it up.
      expect(redirect.hash).toBe('');
    }
  });

  it.each([
    ['prompt=none', { prompt: 'none' }],
    ['a bad response_type', { response_type: 'token' }],
    ['a bad response_mode', { response_mode: 'fragment' }],
    ['an unknown scope', { scope: 'nonsense' }],
    ['no PKCE', { code_challenge: undefined }],
    ['a request object', { request: 'e30.e30.' }],
  ])('are not redirected to for %s before client and redirect URI are verified', async (_, parameters) => {
    const evil = { redirect_uri: 'https://evil.example/cb', ...parameters };
    await expectPage(flow.authorizeUrl(web, pkce, evil));
    await expectPage(flow.authorizeUrl(web, pkce, { ...evil, client_id: 'nobody' }));
    await expectPage(flow.authorizeUrl(web, pkce, { ...parameters, redirect_uri: undefined }));
    await expectPage(flow.authorizeUrl(web, pkce, { ...parameters, redirect_uri: '' }));
    await expectPage(flow.authorizeUrl(web, pkce, { ...parameters, redirect_uri: REDIRECT_URI }));
    const twice = flow.authorizeUrl(web, pkce, { ...parameters, redirect_uri: 'https://app.example/cb' });
    await expectPage(`${twice}&redirect_uri=https://evil.example/cb`);
    await expectPage(`${twice}&redirect_uri[]=https://evil.example/cb&client_id=${native.client_id}`);
  });

  it('of the code are asked for again at the token endpoint', async () => {
    const { code } = await flow.code(
      'alice',
      { redirect_uri: 'https://app.example/cb', code_challenge: pkce.challenge },
      web,
    );
    for (const uri of [
      undefined,
      '',
      'https://app.example',
      'https://app.example/cb/',
      'https://app.example/cb?',
      REDIRECT_URI,
    ]) {
      const answer = await flow.redeem(web, code, pkce, { redirect_uri: uri });
      expect([uri, answer.status, answer.body.error]).toEqual([uri, 400, 'invalid_grant']);
    }
    const right = await flow.redeem(web, code, pkce, { redirect_uri: 'https://app.example/cb' });
    expect(right.status).toBe(200);
  });
});

describe('redirect URIs of the operator', () => {
  it('are checked like those of anybody, at start', async () => {
    const clients = [{ clientId: 'careless', redirectUris: ['https://app.example/cb', ...DANGEROUS] }];
    await expect(startApp({ options: { clients } })).rejects.toThrow(
      /clients: the redirect URI "javascript:alert\(1\)" of "careless" uses a scheme that is not allowed/,
    );
    for (const uri of DANGEROUS) {
      const one = [{ clientId: 'careless', redirectUris: [uri] }];
      await expect(startApp({ options: { clients: one } })).rejects.toThrow(/clients: the redirect URI/);
    }
  });
});
