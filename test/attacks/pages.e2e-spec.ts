import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DerivedKeys } from '../../lib/keys/derived-keys.js';
import { Sealer } from '../../lib/keys/sealer.js';
import { ADAPTERS, SECRET, startApp, type TestApp } from '../support/app.js';
import { createPkce, Flow, hiddenFields, REDIRECT_URI, TestBrowser } from '../support/flow.js';

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

  it('ask again for every client, whatever this user granted to others or to the same one before', async () => {
    const { client, browser } = await flow.code();
    for (const asking of [client, await flow.register()]) {
      const response = await browser.request(flow.authorizeUrl(asking, pkce));
      expect([response.status, await response.text()]).toEqual([
        200,
        expect.stringContaining('wants access'),
      ]);
      const silent = await browser.request(flow.authorizeUrl(asking, pkce, { prompt: 'none' }));
      expect(silent.headers.get('location')).toContain('error=consent_required');
    }
  });

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

  it('take no answer from another site, without its ticket, or by GET', async () => {
    const client = await flow.register();
    const browser = new TestBrowser('alice');
    const html = await (await browser.request(flow.authorizeUrl(client, pkce))).text();
    const fields: [string, string][] = [...hiddenFields(html), ['approved', 'true']];
    const approve = `${server.url}/oauth/approve`;
    const without = fields.filter(([name]) => name !== 'consent_ticket');
    const refused = [
      await browser.submit(approve, fields, { 'sec-fetch-site': 'cross-site' }),
      await browser.submit(approve, fields, { origin: `${server.url}.evil.example` }),
      await browser.submit(approve, fields, { origin: server.url.replace('http:', 'https:') }),
      await browser.submit(approve, without),
      await browser.submit(approve, [...without, ['consent_ticket', '']]),
      await browser.submit(approve, [...without, ['consent_ticket', 'a.b.c']]),
      await new TestBrowser().submit(approve, fields),
    ];
    expect(refused.map(({ status, headers }) => [status, headers.get('location')])).toEqual(
      refused.map(() => [403, null]),
    );
    const byGet = await browser.request(`${approve}?${new URLSearchParams(fields).toString()}`);
    expect([byGet.status, byGet.headers.get('location')]).toEqual([405, null]);
    const own = await browser.submit(approve, fields, {
      origin: server.url,
      'sec-fetch-site': 'same-origin',
    });
    expect(own.headers.get('location')?.startsWith(`${REDIRECT_URI}?code=`)).toBe(true);
  });

  it('are answered by whom they were shown to, also when both have the same browser cookie', async () => {
    const client = await flow.register();
    const mallory = new TestBrowser('mallory');
    const html = await (await mallory.request(flow.authorizeUrl(client, pkce))).text();
    const [, planted = ''] = /mcp-auth-browser=([\w-]+)/.exec(mallory.cookieHeader) ?? [];
    expect(planted).not.toBe('');
    const alice = new TestBrowser('alice');
    alice.setCookie('mcp-auth-browser', planted);
    const fields: [string, string][] = [...hiddenFields(html), ['approved', 'true']];
    expect((await alice.submit(`${server.url}/oauth/approve`, fields)).status).toBe(403);
  });

  it('stay open for ten minutes at most', async () => {
    const client = await flow.register();
    const browser = new TestBrowser('alice');
    const html = await (await browser.request(flow.authorizeUrl(client, pkce))).text();
    const fields = new Map(hiddenFields(html));
    const sealer = new Sealer(new DerivedKeys(SECRET));
    const ticket = sealer.open('consent-ticket', fields.get('consent_ticket') ?? '') as { expiresAt: number };
    const answer = async (age: number): Promise<number> => {
      const older = { ...ticket, expiresAt: ticket.expiresAt - age };
      fields.set('consent_ticket', sealer.seal('consent-ticket', older));
      return (await browser.submit(`${server.url}/oauth/approve`, [...fields, ['approved', 'true']])).status;
    };
    expect(await answer(601_000)).toBe(403);
    expect(await answer(500_000)).toBe(303);
  });
});

describe.each(ADAPTERS)('the browser cookie on %s', (adapter) => {
  it('is of this host alone when the server is reached by https', async () => {
    const server = await startApp({
      adapter,
      options: { production: true, serverUrl: 'https://app.example', tlsTerminatedByProxy: true },
    });
    const client = await new Flow(server.url).register();
    const url = new Flow(server.url).authorizeUrl(client, createPkce(), {
      resource: 'https://app.example/mcp/api',
    });
    const browser = new TestBrowser('alice');
    const response = await browser.request(url);
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-mcp-auth-browser=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure$/,
    );
    const fields: [string, string][] = [...hiddenFields(await response.text()), ['approved', 'true']];
    // A sibling subdomain can plant the name without the prefix only.
    const other = new TestBrowser('alice');
    other.setCookie('mcp-auth-browser', browser.cookieHeader.split('=').at(-1) ?? '');
    expect((await other.submit(`${server.url}/oauth/approve`, fields)).status).toBe(403);
    const origin = { origin: 'https://app.example' };
    expect((await browser.submit(`${server.url}/oauth/approve`, fields, origin)).status).toBe(303);
    await server.close();
  });
});
