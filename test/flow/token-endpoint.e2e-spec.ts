import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { startApp, type TestApp } from '../support/app.js';
import { createPkce, Flow, TestBrowser } from '../support/flow.js';

const claimsOf = (jwt: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(jwt).split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

describe('the token endpoint', () => {
  let server: TestApp;
  let flow: Flow;

  beforeAll(async () => {
    server = await startApp();
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  it('binds a refresh token to its client', async () => {
    const { client, refreshToken } = await flow.tokens();
    const thief = await flow.register();
    expect((await flow.refresh(thief, refreshToken)).body.error).toBe('invalid_grant');
    expect((await flow.refresh({ ...client, client_id: 'nobody' }, refreshToken)).status).toBe(401);
    expect((await flow.refresh(client, refreshToken)).status).toBe(200);
  });

  it('asks a confidential client for its secret at every grant', async () => {
    const client = await flow.register({ token_endpoint_auth_method: 'client_secret_post' });
    const { code, pkce } = await flow.code('alice', {}, client);
    for (const secret of [undefined, 'wrong']) {
      const answer = await flow.redeem(client, code, pkce, { client_secret: secret });
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
    }
    const { body } = await flow.redeem(client, code, pkce);
    for (const secret of [undefined, 'wrong']) {
      const answer = await flow.refresh(client, String(body.refresh_token), { client_secret: secret });
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
    }
    expect((await flow.refresh(client, String(body.refresh_token))).status).toBe(200);
  });

  it('binds tokens to the resource that was consented to, whatever is asked later', async () => {
    const { client, accessToken, refreshToken } = await flow.tokens();
    expect(claimsOf(accessToken).aud).toBe(`${server.url}/mcp/api`);
    for (const resource of [
      'https://elsewhere.example/mcp',
      `${server.url}/mcp`,
      'not a uri',
      `${server.url}/mcp/api#x`,
    ]) {
      const answer = await flow.refresh(client, refreshToken, { resource });
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_target']);
    }
    const refreshed = await flow.refresh(client, refreshToken, { resource: `${server.url}/mcp/api/` });
    expect(claimsOf(refreshed.body.access_token).aud).toBe(`${server.url}/mcp/api`);
  });

  it('narrows the access token and not the grant, and widens neither', async () => {
    const { client, refreshToken } = await flow.tokens();
    const narrowed = await flow.refresh(client, refreshToken, { scope: 'mcp:read' });
    expect(narrowed.body.scope).toBe('mcp:read');
    expect(claimsOf(narrowed.body.access_token).scope).toBe('mcp:read');
    const again = await flow.refresh(client, String(narrowed.body.refresh_token));
    expect(again.body.scope).toBe('mcp:read mcp:write');

    const small = await flow.tokens('alice', { scope: 'mcp:read' });
    const wider = await flow.refresh(small.client, small.refreshToken, { scope: 'mcp:read mcp:write' });
    expect([wider.status, wider.body.error]).toEqual([400, 'invalid_scope']);
    expect((await flow.refresh(small.client, small.refreshToken)).status).toBe(200);
  });

  it('gives every token an id of its own, also within one second', async () => {
    const { client, refreshToken } = await flow.tokens();
    const answers = await Promise.all([1, 2, 3, 4].map(() => flow.refresh(client, refreshToken)));
    const tokens = answers.map(({ body }) => body.access_token);
    expect(new Set(tokens).size).toBe(4);
    expect(new Set(tokens.map((token) => claimsOf(token).jti)).size).toBe(4);
  });

  it('lets a code live for half an hour, or as long as the option says', async () => {
    const lifetimes = async (of: TestApp): Promise<number[]> => {
      const rows = (await of.dataSource.query(
        'select code_expires_at, created_at from mcp_auth_grants order by created_at desc limit 1',
      )) as { code_expires_at: number; created_at: number }[];
      return rows.map((row) => Number(row.code_expires_at) - Number(row.created_at));
    };
    await flow.code();
    expect(await lifetimes(server)).toEqual([30 * 60_000]);

    const hasty = await startApp({ options: { authorizationCodeLifetime: 10 } });
    const { client, code, pkce } = await new Flow(hasty.url).code();
    expect(await lifetimes(hasty)).toEqual([10_000]);
    await hasty.dataSource.query('update mcp_auth_grants set code_expires_at = 1');
    const late = await new Flow(hasty.url).redeem(client, code, pkce);
    expect([late.status, late.body.error]).toEqual([400, 'invalid_grant']);
    await hasty.close();
  });

  it('takes a code for replayed only from who could have redeemed it', async () => {
    const { client, code, pkce } = await flow.code();
    const { body } = await flow.redeem(client, code, pkce);
    const stranger = await flow.register();
    const without = [
      await flow.redeem(stranger, code, pkce),
      await flow.redeem(client, code, createPkce()),
      await flow.redeem(client, code, pkce, { redirect_uri: 'http://localhost:7777/other' }),
      await flow.redeem(client, code, pkce, { resource: 'https://elsewhere.example/' }),
    ];
    expect(without.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect((await flow.call(body.access_token)).status).toBe(200);
    expect((await flow.redeem(client, code, pkce)).body.error).toBe('invalid_grant');
    expect((await flow.call(body.access_token)).status).toBe(401);
  });

  it('ends the replayed grant alone: another of the same user and client goes on', async () => {
    const first = await flow.tokens();
    const second = await flow.tokens('alice', {}, first.client);
    const next = await flow.refresh(first.client, first.refreshToken);
    await flow.refresh(first.client, String(next.body.refresh_token));
    expect((await flow.refresh(first.client, first.refreshToken)).body.error).toBe('invalid_grant');
    expect((await flow.call(first.accessToken)).status).toBe(401);
    expect((await flow.call(second.accessToken)).status).toBe(200);
    expect((await flow.refresh(first.client, second.refreshToken)).status).toBe(200);
  });

  it('honours the predecessor in the grace period, but not after a revocation', async () => {
    const { client, refreshToken } = await flow.tokens();
    const successor = await flow.refresh(client, refreshToken);
    const repeated = await flow.refresh(client, refreshToken);
    expect(repeated.body.refresh_token).toBe(successor.body.refresh_token);
    await flow.token({ token: refreshToken, client_id: client.client_id }, {}, '/oauth/revoke');
    expect((await flow.refresh(client, refreshToken)).body.error).toBe('invalid_grant');
  });

  it('takes a repeated refresh for a replay when the grace period is over or switched off', async () => {
    for (const refreshTokenReuseGracePeriod of [0, 0.2]) {
      const strict = await startApp({ options: { refreshTokenReuseGracePeriod } });
      const strictFlow = new Flow(strict.url);
      const { client, refreshToken } = await strictFlow.tokens();
      const successor = await strictFlow.refresh(client, refreshToken);
      await delay(300);
      expect((await strictFlow.refresh(client, refreshToken)).body.error).toBe('invalid_grant');
      expect((await strictFlow.call(successor.body.access_token)).status).toBe(401);
      await strict.close();
    }
  });

  it('gives no refresh token to a client that is not registered for one', async () => {
    const client = await flow.register({ grant_types: ['authorization_code'] });
    const { answer } = await flow.tokens('alice', {}, client);
    expect(answer.body).not.toHaveProperty('refresh_token');
    const other = await flow.tokens();
    const refused = await flow.refresh(client, other.refreshToken);
    expect([refused.status, refused.body.error]).toEqual([400, 'unauthorized_client']);
  });

  it('lets public clients revoke and introspect their own tokens, and nobody else’s', async () => {
    const { client, accessToken } = await flow.tokens();
    const other = await flow.register();
    const ask = (as: { client_id: string }, path: string) =>
      flow.token({ token: accessToken, client_id: as.client_id }, {}, path);
    expect((await ask(other, '/oauth/introspect')).body).toEqual({ active: false });
    expect((await ask(other, '/oauth/revoke')).status).toBe(200);
    expect((await flow.call(accessToken)).status).toBe(200);
    expect((await ask(client, '/oauth/introspect')).body).toMatchObject({
      active: true,
      client_id: client.client_id,
    });
    expect((await ask(client, '/oauth/revoke')).status).toBe(200);
    expect((await flow.call(accessToken)).status).toBe(401);
    expect((await ask(client, '/oauth/introspect')).body).toEqual({ active: false });
  });

  it('takes nothing from the URL, where it would end up in logs', async () => {
    const { client, refreshToken } = await flow.tokens();
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const inBody = { ...form, client_id: client.client_id };
    const answers = [
      await flow.token(form, {}, `/oauth/token?client_id=${client.client_id}`),
      await flow.token(inBody, {}, '/oauth/token?scope=mcp:read'),
    ];
    expect(answers.map(({ status, body }) => [status, body.error])).toEqual(
      answers.map(() => [400, 'invalid_request']),
    );
    expect((await flow.token(inBody)).status).toBe(200);
  });

  it('takes JSON as well as a form, since clients in the field send both', async () => {
    const { client, refreshToken } = await flow.tokens();
    const response = await fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: client.client_id,
      }),
    });
    expect(response.status).toBe(200);
  });

  it('keeps a state of four kilobytes', async () => {
    const client = await flow.register();
    const state = 's'.repeat(4096);
    const redirect = await flow.consent(
      new TestBrowser('alice'),
      flow.authorizeUrl(client, createPkce(), { state }),
    );
    expect(redirect.searchParams.get('state')).toBe(state);
  });
});
