import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { SECRET, startApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { LogRecorder } from '../support/recorder.js';
import { createPkce, Flow, hiddenFields, TestBrowser } from '../support/flow.js';

describe.each(testDatabases())('a whole run on $name', (database) => {
  it('leaves no code, token, secret or verifier in logs, audit events or rows', async () => {
    const nestLogger = new LogRecorder();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const server = await startApp({
      database,
      nestLogger,
      options: {
        tokenSigningAlgorithm: 'ES256',
        tokenSigningPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
    });
    const flow = new Flow(server.url);
    const client = await flow.register({ token_endpoint_auth_method: 'client_secret_basic' });
    const scope = 'openid email profile mcp:read mcp:write';
    const pkce = createPkce();
    const browser = new TestBrowser('alice');
    const url = flow.authorizeUrl(client, pkce, { scope });
    const page = await (await browser.request(url)).text();
    const redirect = await flow.consent(browser, url);
    const code = redirect.searchParams.get('code') ?? '';
    const { body: first } = await flow.redeem(client, code, pkce);
    const { body: second } = await flow.refresh(client, String(first.refresh_token));

    // Everything that goes wrong, and could take a secret along.
    await flow.redeem(client, code, pkce);
    await flow.redeem(client, `${code}x`, pkce);
    await flow.refresh(client, String(second.refresh_token));
    await flow.refresh({ ...client, client_secret: 'a-wrong-client-secret' }, String(second.refresh_token));
    await flow.call(`${second.access_token}x`);
    await flow.call(second.access_token);
    await flow.token({ token: second.access_token, ...client } as never, {}, '/oauth/revoke');
    await flow.token({ code, code_verifier: pkce.verifier }, {}, '/oauth/token');

    const secrets: Record<string, unknown> = {
      code,
      oauthSecret: SECRET,
      clientSecret: client.client_secret,
      wrongSecret: 'a-wrong-client-secret',
      verifier: pkce.verifier,
      ticket: hiddenFields(page).find(([name]) => name === 'consent_ticket')?.[1],
      browserCookie: browser.cookieHeader.split('=').at(-1),
      privateKey: privateKey.export({ format: 'jwk' }).d,
      ...Object.fromEntries(
        [first, second].flatMap((body, index) =>
          ['access_token', 'refresh_token', 'id_token'].map((name) => [`${name} ${index}`, body[name]]),
        ),
      ),
    };
    const rows = await Promise.all(
      ['clients', 'grants', 'revocations', 'leases'].map((table) =>
        server.dataSource.query(`select * from mcp_auth_${table}`),
      ),
    );
    const places = {
      log: nestLogger.lines.join('\n'),
      audit: JSON.stringify(server.events),
      rows: JSON.stringify(rows),
    };
    expect(places.log).toContain('Refresh token rotated');
    // Greppable at a level that production shows.
    expect(nestLogger.lines.find((line) => line.includes('Token validation failed'))).toMatch(
      /token\.validation_failed/,
    );
    expect(rows[1]).not.toHaveLength(0);
    for (const [name, secret] of Object.entries(secrets)) {
      expect(String(secret).length).toBeGreaterThan(15);
      for (const [place, text] of Object.entries(places)) {
        expect({ name, place, found: text.includes(String(secret)) }).toEqual({ name, place, found: false });
      }
    }
    expect(server.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'client.registered',
        'authorization.approved',
        'token.issued',
        'token.refreshed',
        'code.replayed',
        'client.authentication_failed',
        'token.validation_failed',
      ]),
    );
    await server.close();
  });
});
