import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DerivedKeys } from '../../lib/keys/derived-keys.js';
import { Sealer } from '../../lib/keys/sealer.js';
import { ADAPTERS, SECRET, startApp, type TestApp } from '../support/app.js';
import { createPkce, Flow, hiddenFields, REDIRECT_URI, TestBrowser } from '../support/flow.js';

describe.each(ADAPTERS)('consent pages on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;
  const pkce = createPkce();

  beforeAll(async () => {
    server = await startApp({ adapter });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

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
