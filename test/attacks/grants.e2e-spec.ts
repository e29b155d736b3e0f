import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DerivedKeys } from '../../lib/keys/derived-keys.js';
import { HandleCodec } from '../../lib/keys/handle-codec.js';
import { ADAPTERS, SECRET, startApp, type TestApp } from '../support/app.js';
import { createPkce, Flow, TestBrowser, type RegisteredClient } from '../support/flow.js';
import { decodeJwt } from '../support/forge.js';

describe.each(ADAPTERS)('codes and refresh tokens on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;
  let client: RegisteredClient;
  const handles = new HandleCodec(new DerivedKeys(SECRET));

  beforeAll(async () => {
    server = await startApp({ adapter });
    flow = new Flow(server.url);
    client = await flow.register();
  });
  afterAll(() => server.close());

  const rows = (): Promise<unknown> => server.dataSource.query('select * from mcp_auth_grants order by id');

  it.each([
    ['none', { code_challenge: undefined, code_challenge_method: undefined }],
    ['plain', { code_challenge_method: 'plain' }],
    ['a method that is missing, which would mean plain', { code_challenge_method: undefined }],
    ['a method in lower case', { code_challenge_method: 's256' }],
    ['an unknown method', { code_challenge_method: 'S512' }],
    ['an empty challenge', { code_challenge: '' }],
    ['a challenge of 42 characters', { code_challenge: 'a'.repeat(42) }],
    ['a challenge of 44 characters', { code_challenge: 'a'.repeat(44) }],
    ['a challenge of 129 characters', { code_challenge: 'a'.repeat(129) }],
    ['a challenge with other characters', { code_challenge: `${'a'.repeat(42)}+` }],
    ['a challenge with padding', { code_challenge: `${'a'.repeat(43)}=` }],
  ])('are not given for a PKCE of %s', async (_, parameters) => {
    const url = flow.authorizeUrl(client, createPkce(), parameters);
    const response = await new TestBrowser('alice').request(url);
    expect(response.headers.get('location')).toMatch(
      /\?error=invalid_request&error_description=code_challenge/,
    );
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['one of 42 characters', 'a'.repeat(42)],
    ['one of 129 characters', 'a'.repeat(129)],
    ['one with other characters', `${'a'.repeat(43)} `],
    ['the challenge itself', 'challenge'],
  ])('are not exchanged with a verifier such as %s', async (_, verifier) => {
    const { code, pkce } = await flow.code('alice', {}, client);
    const presented = verifier === 'challenge' ? pkce.challenge : verifier;
    const answer = await flow.redeem(client, code, pkce, { code_verifier: presented });
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant']);
    expect((await flow.redeem(client, code, pkce)).status).toBe(200);
  });

  it('belong to their own verifier: that of another request of the same client and user is a wrong one', async () => {
    const [first, second] = [await flow.code('alice', {}, client), await flow.code('alice', {}, client)];
    expect((await flow.redeem(client, first.code, second.pkce)).body.error).toBe('invalid_grant');
    // A client that repeats its challenge weakens itself alone: each code is still a grant of its own.
    const repeated = { code_challenge: first.pkce.challenge };
    const third = await flow.code('alice', repeated, client);
    expect(third.code).not.toBe(first.code);
    expect((await flow.redeem(client, third.code, second.pkce)).body.error).toBe('invalid_grant');
    expect((await flow.redeem(client, third.code, first.pkce)).status).toBe(200);
    expect((await flow.redeem(client, first.code, first.pkce)).status).toBe(200);
  });

  it('that fail change no row and end nothing, whoever presents them', async () => {
    const { code, pkce } = await flow.code('alice', {}, client);
    const { refreshToken, accessToken } = await flow.tokens('alice', {}, client);
    const thief = await flow.register();
    const { refreshToken: spent } = await flow.tokens('alice', {}, client);
    const { body: successor } = await flow.refresh(client, spent);
    const before = await rows();
    const unknown = handles.encode('authorization-code', { grantId: randomUUID(), generation: 0 });
    const foreign = { redirect_uri: 'http://localhost:7777/other' };
    const codes = [
      await flow.redeem(thief, code, pkce),
      await flow.redeem(client, code, createPkce()),
      await flow.redeem(client, code, pkce, foreign),
      await flow.redeem(client, code.slice(0, -1), pkce),
      await flow.redeem(client, `${code.slice(0, 60)}${'A'.repeat(code.length - 60)}`, pkce),
      await flow.redeem(client, unknown, pkce),
      await flow.redeem(client, refreshToken, pkce),
      await flow.refresh(client, code),
      await flow.refresh(client, `${refreshToken.slice(0, -2)}AA`),
      await flow.refresh(client, handles.encode('refresh-token', { grantId: randomUUID(), generation: 1 })),
      await flow.refresh(thief, refreshToken),
      // Within its grace period, in which the same successor would be given again.
      await flow.refresh(thief, spent),
    ];
    expect(codes.map(({ status, body }) => [status, body.error])).toEqual(
      codes.map(() => [400, 'invalid_grant']),
    );
    expect((await flow.redeem(client, code, pkce, { resource: 'https://evil.example/' })).body.error).toBe(
      'invalid_target',
    );
    expect((await flow.redeem(client, code, pkce, { client_id: 'nobody' })).status).toBe(401);
    expect(await rows()).toEqual(before);
    expect((await flow.call(accessToken)).status).toBe(200);
    expect((await flow.refresh(client, String(successor.refresh_token))).status).toBe(200);
    expect((await flow.redeem(client, code, pkce)).status).toBe(200);
  });

  it('end what came of them when they are used twice', async () => {
    const { code, pkce } = await flow.code('alice', {}, client);
    const { body } = await flow.redeem(client, code, pkce);
    const next = await flow.refresh(client, String(body.refresh_token));
    expect((await flow.redeem(client, code, pkce)).body.error).toBe('invalid_grant');
    for (const token of [body.access_token, next.body.access_token]) {
      expect((await flow.call(token)).status).toBe(401);
    }
    for (const token of [body.refresh_token, next.body.refresh_token]) {
      expect((await flow.refresh(client, String(token))).body.error).toBe('invalid_grant');
    }
  });

  it('take a generation that was never issued for a restored backup, not for a theft', async () => {
    const { accessToken, refreshToken } = await flow.tokens('alice', {}, client);
    const handle = handles.decode('refresh-token', refreshToken);
    const ahead = handles.encode('refresh-token', { grantId: handle?.grantId ?? '', generation: 9 });
    expect((await flow.refresh(client, ahead)).body.error).toBe('invalid_grant');
    expect((await flow.call(accessToken)).status).toBe(200);
  });

  it('grow in neither scope nor resource, whatever is asked along with them', async () => {
    const { code, pkce } = await flow.code('alice', { scope: 'mcp:read' }, client);
    const more = { scope: 'mcp:read mcp:write admin', resource: `${server.url.toUpperCase()}/mcp/api` };
    const first = await flow.redeem(client, code, pkce, more);
    expect(decodeJwt(String(first.body.access_token)).claims).toMatchObject({
      scope: 'mcp:read',
      // Never as it was sent.
      aud: `${server.url}/mcp/api`,
    });
    const refreshToken = String(first.body.refresh_token);
    for (const scope of [
      'mcp:write',
      'mcp:read mcp:write',
      'mcp:*',
      'admin',
      'MCP:READ',
      'mcp:read\tmcp:write',
    ]) {
      const answer = await flow.refresh(client, refreshToken, { scope });
      expect([scope, answer.status, answer.body.error]).toEqual([scope, 400, 'invalid_scope']);
    }
    for (const resource of [
      'https://evil.example/',
      server.url,
      `${server.url}/mcp/api/x`,
      `${server.url}/mcp/api?x`,
    ]) {
      const answer = await flow.refresh(client, refreshToken, { resource });
      expect([resource, answer.status, answer.body.error]).toEqual([resource, 400, 'invalid_target']);
    }
    expect((await flow.refresh(client, refreshToken)).body.scope).toBe('mcp:read');
    // More needs a page of its own.
    const stepUp = await new TestBrowser('alice').request(
      flow.authorizeUrl(client, pkce, { scope: 'mcp:write' }),
    );
    expect(await stepUp.text()).toContain('wants access to');
  });

  it.each([
    'client_credentials',
    'password',
    'implicit',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    '__proto__',
    '',
  ])('are not to be had by the grant type %s', async (grantType) => {
    const answer = await flow.token({
      grant_type: grantType,
      client_id: client.client_id,
      scope: 'admin',
      username: 'alice',
      password: 'x',
    });
    expect(answer.status).toBe(400);
    expect(answer.body).not.toHaveProperty('access_token');
  });

  it('cannot be guessed: 256 bits of authentication, and ids, secrets and cookies of at least 122 random ones', async () => {
    const confidential = await flow.register({ token_endpoint_auth_method: 'client_secret_post' });
    const { code, browser } = await flow.code('alice', {}, client);
    const { accessToken, refreshToken } = await flow.tokens('alice', {}, client);
    for (const handle of [code, refreshToken]) expect(Buffer.from(handle, 'base64url')).toHaveLength(58);
    const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
    expect(confidential.client_id).toMatch(uuid);
    expect(decodeJwt(accessToken).claims.jti).toMatch(uuid);
    expect(handles.decode('authorization-code', code)?.grantId).toMatch(uuid);
    expect(Buffer.from(String(confidential.client_secret), 'base64url')).toHaveLength(32);
    expect(Buffer.from(browser.cookieHeader.split('=').at(-1) ?? '', 'base64url')).toHaveLength(32);
  });
});
