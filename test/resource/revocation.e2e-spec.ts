import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { RevocationService } from '../../lib/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { testDatabases, type TestDatabase } from '../support/databases.js';
import { Flow } from '../support/flow.js';

describe.each(testDatabases())('revocation across two instances on $name', ({ create }) => {
  let database: TestDatabase;
  let first: TestApp;
  let second: TestApp;
  let flow: Flow;

  beforeAll(async () => {
    database = await create();
    first = await startApp({ existing: database, options: { revocationPollInterval: 0.1 } });
    second = await startApp({
      existing: database,
      options: { serverUrl: first.url, revocationPollInterval: 0.1 },
    });
    flow = new Flow(first.url);
  });
  afterAll(async () => {
    await first.close();
    await second.close();
    await database.drop();
  });

  const statusAt = async (server: TestApp, accessToken: string): Promise<number> =>
    (await new Flow(server.url).call(accessToken)).status;

  async function refusedEverywhere(accessToken: string): Promise<boolean> {
    if ((await statusAt(first, accessToken)) !== 401)
      throw new Error('not refused at once where it was revoked');
    const deadline = Date.now() + 5000;
    while (Date.now() < deadline) {
      if ((await statusAt(second, accessToken)) === 401) return true;
      await delay(20);
    }
    return false;
  }

  it('reaches the other for one access token, and spares its grant', async () => {
    const { client, accessToken, refreshToken } = await flow.tokens();
    expect(await statusAt(second, accessToken)).toBe(200);
    await flow.token({ token: accessToken, client_id: client.client_id }, {}, '/oauth/revoke');
    expect(await refusedEverywhere(accessToken)).toBe(true);
    const refreshed = await flow.refresh(client, refreshToken);
    expect(await statusAt(second, String(refreshed.body.access_token))).toBe(200);
  });

  it('reaches the other for a grant, when its refresh token is revoked', async () => {
    const { client, accessToken, refreshToken } = await flow.tokens();
    await flow.token({ token: refreshToken, client_id: client.client_id }, {}, '/oauth/revoke');
    expect(await refusedEverywhere(accessToken)).toBe(true);
    expect((await new Flow(second.url).refresh(client, refreshToken)).body.error).toBe('invalid_grant');
  });

  it('reaches the other for a user and for a client, and spares what was granted later', async () => {
    const revocation = first.app.get(RevocationService);
    const bob = await flow.tokens('bob');
    const alice = await flow.tokens('alice');
    expect(await revocation.revokeUser('bob')).toBe(1);
    expect(await refusedEverywhere(bob.accessToken)).toBe(true);
    expect(await statusAt(second, alice.accessToken)).toBe(200);

    expect(await revocation.revokeClient(alice.client.client_id)).toBe(1);
    expect(await refusedEverywhere(alice.accessToken)).toBe(true);
    await delay(5);
    const again = await flow.tokens('alice', {}, alice.client);
    expect(await statusAt(first, again.accessToken)).toBe(200);
    await delay(300);
    expect(await statusAt(second, again.accessToken)).toBe(200);
  });

  it('is known at once to an instance that starts later', async () => {
    const { client, accessToken, refreshToken } = await flow.tokens();
    await flow.token({ token: refreshToken, client_id: client.client_id }, {}, '/oauth/revoke');
    const third = await startApp({ existing: database, options: { serverUrl: first.url } });
    expect(await statusAt(third, accessToken)).toBe(401);
    await third.close();
  });

  it('is asked of the database each time in strict mode', async () => {
    const strict = await startApp({
      existing: database,
      options: { serverUrl: first.url, revocation: 'strict' },
    });
    const { client, accessToken } = await flow.tokens();
    expect(await statusAt(strict, accessToken)).toBe(200);
    await flow.token({ token: accessToken, client_id: client.client_id }, {}, '/oauth/revoke');
    expect(await statusAt(strict, accessToken)).toBe(401);
    await strict.close();
  });
});

describe.each(['polled', 'strict'] as const)('a guard that cannot hear of revocations (%s)', (revocation) => {
  it('refuses with 503 and Retry-After, and recovers by itself', async () => {
    const server = await startApp({
      options: { revocation, revocationPollInterval: 0.1, revocationMaxStaleness: 1 },
    });
    const flow = new Flow(server.url);
    const { accessToken } = await flow.tokens();
    await server.dataSource.query('alter table mcp_auth_revocations rename to hidden');
    const deadline = Date.now() + 10_000;
    let answer = await flow.call(accessToken);
    while (answer.status === 200 && Date.now() < deadline) {
      await delay(100);
      answer = await flow.call(accessToken);
    }
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const body = await answer.text();
    expect(JSON.parse(body)).toMatchObject({ error: 'temporarily_unavailable' });
    expect(body).not.toMatch(/select|mcp_auth|sqlite|hidden/i);
    // Without a token it is a 401 as ever: that needs no database.
    expect((await flow.call(undefined)).status).toBe(401);

    await server.dataSource.query('alter table hidden rename to mcp_auth_revocations');
    while ((await flow.call(accessToken)).status !== 200 && Date.now() < deadline) await delay(100);
    expect((await flow.call(accessToken)).status).toBe(200);
    await server.close();
  });
});
