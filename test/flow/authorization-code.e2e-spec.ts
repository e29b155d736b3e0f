import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { Flow } from '../support/flow.js';

const combinations = ADAPTERS.flatMap((adapter) =>
  testDatabases().map((database) => ({ adapter, database, name: `${adapter} and ${database.name}` })),
);

describe.each(combinations)('the authorization code flow on $name', ({ adapter, database }) => {
  let server: TestApp;
  let flow: Flow;

  beforeAll(async () => {
    server = await startApp({ adapter, database });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  it('leads from a 401 over consent to a call as the user, a refresh and a revocation', async () => {
    const refused = await flow.call(undefined);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer scope="mcp:read mcp:write", resource_metadata="${server.url}/.well-known/oauth-protected-resource/mcp/api"`,
    );

    const { client, accessToken, refreshToken, answer } = await flow.tokens('alice');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'mcp:read mcp:write',
    });

    const who = await flow.call(accessToken);
    expect(await who.json()).toEqual({
      userId: 'alice',
      orgId: null,
      scope: 'mcp:read mcp:write',
      email: 'alice@example.com',
    });

    const refreshed = await flow.refresh(client, refreshToken);
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.refresh_token).not.toBe(refreshToken);
    expect((await flow.call(refreshed.body.access_token)).status).toBe(200);

    const revoked = await flow.token(
      { token: refreshed.body.refresh_token, client_id: client.client_id },
      {},
      '/oauth/revoke',
    );
    expect(revoked.status).toBe(200);
    expect((await flow.call(refreshed.body.access_token)).status).toBe(401);
    expect((await flow.call(accessToken)).status).toBe(401);
    expect((await flow.refresh(client, String(refreshed.body.refresh_token))).body.error).toBe(
      'invalid_grant',
    );
  });
});
