import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { createPkce, Flow, hiddenFields, TestBrowser } from '../support/flow.js';

/** Each would do something in some page that forgot to escape it somewhere. */
const PAYLOADS = [
  '<script>fuzz()</script>',
  '"><img src=x onerror=fuzz()>',
  "' autofocus onfocus=fuzz() x='",
  '</title><svg/onload=fuzz()>',
  '{{constructor.constructor "fuzz()"}}',
  '{{{clientId}}}',
  '`${fuzz()}`',
  '<!--<script>',
  'javascript:fuzz()',
  '&lt;script&gt;',
  '=cmd|fuzz',
];
const RAW_MARKUP = /<script|<img|<svg\/|<!--|onerror=(?!.*&)|onfocus=fuzz\(\) x='/i;

describe.each(ADAPTERS)('the pages on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;
  const pkce = createPkce();

  beforeAll(async () => {
    server = await startApp({
      adapter,
      options: {
        clients: [{ clientId: 'known', clientName: 'Known', redirectUris: ['https://known.example/cb'] }],
        currentUser: (request: { headers: { cookie?: string } }) => {
          if (request.headers.cookie?.includes('broken')) throw new Error('the session store is down');
          return /test_user=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? null;
        },
      },
    });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  const page = async (
    metadata: Record<string, unknown>,
    parameters: Record<string, string> = {},
    browser = new TestBrowser('alice'),
  ): Promise<string> => {
    const client = await flow.register(metadata);
    const response = await browser.request(flow.authorizeUrl(client, pkce, parameters));
    expect(response.status).toBe(200);
    return response.text();
  };

  it('tell a client that gives itself a name from one that the operator knows', async () => {
    const html = await page(
      {
        client_name: 'Claude\u202e\u200b by\u0007 Anthropic',
        client_uri: 'https://cláude.example:8443/about',
        redirect_uris: ['https://evil.example:444/cb'],
      },
      { redirect_uri: 'https://evil.example:444/cb' },
    );
    expect(html).toContain('Claude by Anthropic wants access to');
    expect(html).toContain('This application is not verified');
    expect(html).toContain('<dd>evil.example:444</dd>');
    expect(html).toContain('<dd>xn--clude-yqa.example:8443</dd>');
    expect(html).not.toContain('It runs on this computer');
    expect(await page({})).toContain('It runs on this computer');
    const known = { client_id: 'known', redirect_uris: [] };
    const trusted = await new TestBrowser('alice').request(
      flow.authorizeUrl(known, pkce, { redirect_uri: 'https://known.example/cb' }),
    );
    expect(await trusted.text()).not.toMatch(/not verified|It runs on this computer/);
  });

  it.each(PAYLOADS)('show %s as text, wherever a client can put it', async (payload) => {
    const html = await page(
      {
        client_name: payload,
        client_uri: `https://client.example/${payload}`,
        logo_uri: payload,
        tos_uri: payload,
        policy_uri: payload,
        contacts: [payload],
        software_statement: payload,
        scope: payload,
      },
      {
        state: payload,
        nonce: payload,
        login_hint: payload,
        ui_locales: payload,
        scope: `mcp:read ${payload}`,
      },
    );
    expect(html).not.toMatch(RAW_MARKUP);
    expect(html).not.toMatch(/<a |href=|<script|\son\w+="/i);
    expect(new Map(hiddenFields(html)).get('state')).toBe(payload);
  });

  it.each(PAYLOADS)('show nothing of %s in an error', async (payload) => {
    const client = await flow.register();
    for (const parameters of [{ client_id: payload }, { redirect_uri: payload }, { [payload]: 'x' }]) {
      const url = new URL(
        flow.authorizeUrl(client, pkce, { redirect_uri: 'https://evil.example/', ...parameters }),
      );
      url.searchParams.append('error_description', payload);
      const html = await (await new TestBrowser('alice').request(url.href)).text();
      expect(html).toContain('This request cannot be completed');
      expect(html).not.toContain('fuzz');
      expect(html).not.toMatch(RAW_MARKUP);
    }
  });

  it('link to no script of a client, nor to anything else that it names', async () => {
    for (const uri of [
      'javascript:fuzz()',
      'data:text/html,fuzz()',
      'https://user:pass@client.example/',
      'x',
    ]) {
      const html = await page({ client_uri: uri, logo_uri: uri, tos_uri: uri, policy_uri: uri });
      expect(html).not.toContain('<dt>Website</dt>');
      expect(html).not.toMatch(/javascript:|text\/html|pass@/);
    }
  });

  it('refuse frames, scripts and foreign content, errors of every kind included', async () => {
    const client = await flow.register();
    const alice = new TestBrowser('alice');
    const broken = new TestBrowser('broken');
    const approve = `${server.url}/oauth/approve`;
    const html = { 'content-type': 'application/x-www-form-urlencoded' };
    const pages: [number, Response][] = [
      [200, await alice.request(flow.authorizeUrl(client, pkce))],
      [400, await alice.request(`${server.url}/oauth/authorize`)],
      [400, await alice.request(`${server.url}/oauth/authorize?client_id=%zz`)],
      [400, await alice.request(`${server.url}/oauth/authorize?client_id=a&client_id=b`)],
      [405, await alice.request(approve)],
      [405, await alice.request(`${server.url}/oauth/authorize`, { method: 'DELETE' })],
      [403, await alice.submit(approve, [['approved', 'true']])],
      [413, await alice.submit(approve, [['x', 'x'.repeat(70_000)]])],
      [413, await alice.submit(`${server.url}/oauth/authorize`, [['x', 'x'.repeat(70_000)]])],
      [
        400,
        await alice.request(approve, {
          method: 'POST',
          headers: { ...html, 'content-encoding': 'gzip' },
          body: 'x',
        }),
      ],
      [
        400,
        await alice.request(approve, {
          method: 'POST',
          headers: { 'content-type': 'text/plain' },
          body: 'x',
        }),
      ],
      [
        405,
        await alice.request(approve, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: '{',
        }),
      ],
    ];
    for (const [status, { status: actual, headers }] of pages) {
      expect([actual, headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[\w+/]+='; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    // What the application does wrong is its client's to hear of, once the redirect is known to be the client's.
    const failed = await broken.request(flow.authorizeUrl(client, pkce));
    expect(failed.headers.get('location')).toMatch(/error=server_error&error_description=The\+server\+met/);
    expect(failed.headers.get('referrer-policy')).toBe('no-referrer');
  });
});
