import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { DerivedKeys, type KeyPurpose } from '../../lib/keys/derived-keys.js';
import { ADAPTERS, SECRET, startApp, type TestApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { createPkce, Flow, hiddenFields, TestBrowser } from '../support/flow.js';
import { rawRequest } from '../support/raw-request.js';
import { LogRecorder } from '../support/recorder.js';

const API_KEY_SECRET = 'the-api-key-secret-of-alice-0123456789';
const WRONG_SECRET = 'a-wrong-client-secret-0123456789';
const PREVIOUS_SECRET = 'the-previous-oauth-secret-0123456789';
const PURPOSES: KeyPurpose[] = [
  'authorization-code',
  'refresh-token',
  'access-token',
  'consent-ticket',
  'login-marker',
];

/** The keys that are derived from a secret, in every spelling that something might print. */
function derivedKeys(secret: string): string[] {
  return PURPOSES.flatMap((purpose) => {
    const bytes = new DerivedKeys(secret).current(purpose).key.export();
    return (['hex', 'base64', 'base64url'] as const).map((encoding) => bytes.toString(encoding));
  });
}

const combinations = testDatabases().flatMap((database) =>
  ADAPTERS.map((adapter) => ({ database, adapter, name: `${adapter} and ${database.name}` })),
);

describe.each(combinations)('a whole run on $name', ({ database, adapter }) => {
  let server: TestApp;
  afterEach(async () => {
    jest.restoreAllMocks();
    await server.close();
  });

  it('leaves no code, token, secret or verifier in logs, audit events, rows or errors', async () => {
    const nestLogger = new LogRecorder();
    const printed: string[] = [];
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      jest
        .spyOn(console, method)
        .mockImplementation((...parts) => void printed.push(parts.map(String).join(' ')));
    }
    const errors: string[] = [];
    const actualFetch = globalThis.fetch;
    jest.spyOn(globalThis, 'fetch').mockImplementation(async (...parameters) => {
      const response = await actualFetch(...parameters);
      const isError = response.status >= 400 || response.headers.get('location')?.includes('error=');
      if (isError) errors.push(`${[...response.headers].join('\n')}\n${await response.clone().text()}`);
      return response;
    });

    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    let isBroken = false;
    server = await startApp({
      database,
      adapter,
      nestLogger,
      options: {
        previousOauthSecrets: [PREVIOUS_SECRET],
        tokenSigningAlgorithm: 'ES256',
        tokenSigningPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        fetchUserData: (userId) => {
          if (isBroken) throw new Error('the directory is down');
          return userId === 'gone'
            ? null
            : { email: `${userId}@example.com`, apiKeyId: 'key-1', apiKeySecret: API_KEY_SECRET };
        },
      },
    });
    const flow = new Flow(server.url);
    const scope = 'openid email profile mcp:read mcp:write';
    const client = await flow.register({ token_endpoint_auth_method: 'client_secret_basic' });
    const pkce = createPkce();
    const browser = new TestBrowser();
    const url = flow.authorizeUrl(client, pkce, { scope, nonce: 'n-1' });
    const toLogin = await browser.request(url);
    const login = new URL(toLogin.headers.get('location') ?? '', server.url);
    const back = new URL(login.searchParams.get('returnTo') ?? '', server.url);
    browser.setCookie('test_user', 'alice');
    const page = await (await browser.request(back.href)).text();
    const ticket = hiddenFields(page).find(([name]) => name === 'consent_ticket')?.[1] ?? '';
    const redirect = await flow.consent(browser, url);
    const code = redirect.searchParams.get('code') ?? '';
    const { body: first } = await flow.redeem(client, code, pkce);
    const { body: second } = await flow.refresh(client, String(first.refresh_token));
    const open = await flow.tokens('bob', { scope });
    const pending = await flow.code('alice', { scope }, client);
    await flow.call(second.access_token, '/mcp/api/whoami');
    await flow.call(second.access_token, '/oauth/userinfo');

    const secrets: Record<string, string | undefined> = {
      oauthSecret: SECRET,
      previousSecret: PREVIOUS_SECRET,
      privateKey: privateKey.export({ format: 'jwk' }).d,
      clientSecret: client.client_secret,
      wrongSecret: WRONG_SECRET,
      apiKeySecret: API_KEY_SECRET,
      code,
      pendingCode: pending.code,
      verifier: pkce.verifier,
      pendingVerifier: pending.pkce.verifier,
      ticket,
      loginMarker: back.searchParams.get('mcp_auth_login') ?? undefined,
      browserCookie: /mcp-auth-browser=([\w-]+)/.exec(browser.cookieHeader)?.[1],
      openAccess: open.accessToken,
      openRefresh: open.refreshToken,
      ...Object.fromEntries(
        [first, second].flatMap((body, index) =>
          ['access_token', 'refresh_token', 'id_token'].map((name) => [
            `${name} ${index}`,
            String(body[name]),
          ]),
        ),
      ),
    };

    // Everything that goes wrong, and could take a secret along.
    const approve = `${server.url}/oauth/approve`;
    const basic = (id: string, secret = ''): string =>
      `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    await flow.redeem(client, `${pending.code}x`, pending.pkce);
    await flow.redeem(client, pending.code, pkce);
    await flow.redeem(client, pending.code, pending.pkce, { client_secret: WRONG_SECRET });
    await flow.redeem(client, pending.code, pending.pkce, { redirect_uri: 'https://evil.example/' });
    await flow.token(
      { grant_type: 'refresh_token', refresh_token: String(second.refresh_token) },
      { authorization: basic(client.client_secret ?? '', client.client_id) },
    );
    await browser.submit(approve, [['consent_ticket', `${ticket.slice(0, -3)}AAA`]]);
    await new TestBrowser('mallory').submit(approve, [['consent_ticket', ticket]]);
    await browser.submit(
      approve,
      [
        ['consent_ticket', ticket],
        ['approved', 'true'],
      ],
      { origin: 'https://evil.example' },
    );
    await browser.request(`${back.href}x`);
    await flow.consent(browser, url, { approved: false });
    // Secrets in every place where they do not belong.
    for (const [name, secret] of Object.entries(secrets)) {
      const astray = String(secret);
      for (const field of [
        'grant_type',
        'code',
        'code_verifier',
        'redirect_uri',
        'client_id',
        'client_secret',
        'refresh_token',
        'scope',
        'resource',
        'token',
        'token_type_hint',
      ]) {
        await flow.token({ grant_type: 'authorization_code', client_id: client.client_id, [field]: astray });
      }
      for (const path of ['/oauth/revoke', '/oauth/introspect', `/oauth/token?${astray}`]) {
        await flow.token({ token: 'x', client_id: astray, [astray]: name }, {}, path);
        await flow.token({ token: 'x' }, { authorization: basic(astray, astray) }, path);
      }
      await flow.call(`${astray.replace(/[^\w.-]/g, '')}x`);
      await flow.call(undefined, `/mcp/api/whoami?access_token=${astray}`);
      await fetch(`${server.url}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [astray], client_name: astray }),
      });
      await fetch(`${server.url}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"code":"${astray}`,
      });
      errors.push(
        await rawRequest(
          server.url,
          'PUT',
          '/oauth/token',
          `Content-Type: application/json\r\nContent-Length: ${astray.length}\r\n`,
          astray,
        ),
      );
      await browser.request(`${server.url}/oauth/authorize?client_id=${astray}&redirect_uri=${astray}`);
    }
    // A user who is gone, an application that fails, a database that does.
    await flow.code('gone', { scope }, client).then((gone) => flow.redeem(client, gone.code, gone.pkce));
    isBroken = true;
    const broken = await flow.redeem(client, pending.code, pending.pkce);
    isBroken = false;
    await server.dataSource.query('alter table mcp_auth_grants rename to hidden_grants');
    const unavailable = await flow.redeem(client, pending.code, pending.pkce);
    await flow.refresh(client, String(second.refresh_token));
    await flow.token({ token: second.refresh_token, ...client } as never, {}, '/oauth/revoke');
    await server.dataSource.query('alter table hidden_grants rename to mcp_auth_grants');
    expect([broken.status, unavailable.status]).toEqual([500, 503]);
    // What ends grants.
    await flow.redeem(client, code, pkce);
    await flow.refresh(client, String(first.refresh_token));
    await flow.call(second.access_token);
    await flow.token({ token: open.accessToken, client_id: open.client.client_id }, {}, '/oauth/revoke');
    await flow.token({ token: open.refreshToken, client_id: open.client.client_id }, {}, '/oauth/revoke');

    const rows = await Promise.all(
      ['clients', 'grants', 'revocations', 'leases'].map(
        (table) => server.dataSource.query(`select * from mcp_auth_${table}`) as Promise<unknown[]>,
      ),
    );
    const places = {
      log: [...nestLogger.lines, ...printed].join('\n'),
      audit: JSON.stringify(server.events),
      rows: JSON.stringify(rows),
      errors: errors.join('\n'),
    };
    expect(places.log).toContain('Refresh token rotated');
    // Greppable at a level that production shows.
    expect(nestLogger.lines.find((line) => line.includes('Token validation failed'))).toMatch(
      /token\.validation_failed/,
    );
    expect(rows.slice(0, 3).map((table) => table.length > 0)).toEqual([true, true, true]);
    expect(errors.length).toBeGreaterThan(300);
    const everySecret = [
      ...Object.entries(secrets),
      ...[SECRET, PREVIOUS_SECRET].flatMap((secret) =>
        derivedKeys(secret).map((key, index) => [`key ${index}`, key]),
      ),
    ];
    for (const [name, secret] of everySecret) {
      expect(String(secret).length).toBeGreaterThan(15);
      for (const [place, text] of Object.entries(places)) {
        // The end of it is enough: the end of a JWT or handle is what proves it.
        const found = text.includes(String(secret).slice(-16));
        expect({ name, place, found }).toEqual({ name, place, found: false });
      }
    }
    expect(server.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        ...['client.registered', 'authorization.approved', 'authorization.denied', 'token.issued'],
        ...['token.refreshed', 'code.invalid', 'code.replayed', 'client.authentication_failed'],
        ...['token.validation_failed', 'user.gone', 'grant.revoked', 'token.revoked'],
      ]),
    );
  }, 60_000);
});
