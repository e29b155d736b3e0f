import { once } from 'node:events';
import { NestFactory } from '@nestjs/core';
import { MCP_AUTH_MIGRATIONS, RevocationService } from 'nestjs-mcp-auth';
import { McpAuthTester } from 'nestjs-mcp-auth/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../src/app.module.js';
import { startCluster, type Cluster } from '../src/cluster/cluster.js';
import { freePort } from '../src/cluster/postgres.js';
import { Agent } from './support/agent.js';
import { authorize, callTool, redeem, refresh } from './support/flow.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

/** Instances look at the revocations of others every second. */
const POLLED = { timeout: 10_000, interval: 100 };

describe('Two instances behind a proxy', () => {
  let database: TestDatabase;
  let cluster: Cluster;
  let one: string;
  let two: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    cluster = await startCluster(database.url, await freePort());
    [one, two] = [cluster.instances[0].url, cluster.instances[1].url];
  });
  afterAll(async () => {
    await cluster?.stop();
    await database?.drop();
  });

  const tokens = async () => {
    const code = await authorize(cluster.url);
    return { ...(await redeem(cluster.url, code)).json, clientId: code.clientId } as Record<
      'access_token' | 'refresh_token' | 'clientId',
      string
    >;
  };

  it('were migrated once, before they started', async () => {
    const names = (await database.query('select name from migrations')).map(({ name }) => name);
    expect(names.sort()).toEqual(
      [...MCP_AUTH_MIGRATIONS.map(({ name }) => name), 'CreateNotes1764000000001'].sort(),
    );
  });

  it('are one server to clients: the same metadata, with the URL of the proxy', async () => {
    const path = '/.well-known/oauth-authorization-server';
    const [first, second] = await Promise.all([new Agent(one).get(path), new Agent(two).get(path)]);
    expect(first.json).toMatchObject({ issuer: cluster.url, token_endpoint: `${cluster.url}/oauth/token` });
    expect(second.json).toEqual(first.json);
  });

  it('share a flow whose steps they answer in turn', async () => {
    const code = await authorize(cluster.url);
    const { status, json, servedBy } = await redeem(cluster.url, code);
    expect(status).toBe(200);
    const turns = [...code.servedBy, servedBy];
    expect(new Set(turns)).toEqual(new Set(['one', 'two']));
    turns.slice(1).forEach((turn, index) => expect(turn).not.toBe(turns[index]));

    await callTool(cluster.url, json.access_token, 'add_note', { text: 'Hello from one' });
    const listed = await callTool(cluster.url, json.access_token, 'list_notes');
    expect(listed.text).toContain('Hello from one');
  });

  it('redeem each the codes of the other', async () => {
    for (const [issuer, redeemer] of [
      [one, two],
      [two, one],
    ] as const) {
      expect((await redeem(redeemer, await authorize(issuer))).status).toBe(200);
    }
  });

  it('redeem a code once, though both are asked at the same time', async () => {
    const code = await authorize(cluster.url);
    const answers = await Promise.all([one, two, one, two].map((instance) => redeem(instance, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  });

  it('refresh each the tokens of the other', async () => {
    const { clientId, refresh_token: first } = await tokens();
    const { json: second } = await refresh(one, clientId, first);
    const { json: third, status } = await refresh(two, clientId, second.refresh_token);
    expect(status).toBe(200);
    expect((await callTool(one, third.access_token, 'list_notes')).status).toBe(200);
  });

  it('refuse what the other one has revoked', async () => {
    const { clientId, access_token: token } = await tokens();
    expect((await callTool(two, token, 'list_notes')).status).toBe(200);
    await new Agent(one).post('/oauth/revoke', { client_id: clientId, token });
    expect((await callTool(one, token, 'list_notes')).status).toBe(401);
    await vi.waitFor(async () => expect((await callTool(two, token, 'list_notes')).status).toBe(401), POLLED);
  });

  it('refuse whatever belongs to a user whom another process has revoked', async () => {
    // Neither of the instances: a command or a worker, which shares their database and secret.
    for (const [name, value] of Object.entries(cluster.environment)) vi.stubEnv(name, value);
    const worker = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
    const token = await McpAuthTester.of(worker).accessToken({ userId: 'bob' });
    const statuses = () =>
      Promise.all([one, two].map(async (url) => (await callTool(url, token, 'list_notes')).status));
    expect(await statuses()).toEqual([200, 200]);

    await worker.get(RevocationService).revokeUser('bob');
    await vi.waitFor(async () => expect(await statuses()).toEqual([401, 401]), POLLED);
    await worker.close();
    vi.unstubAllEnvs();
  });

  it('go on when one of them is killed', async () => {
    const { clientId, refresh_token: token } = await tokens();
    const victim = cluster.instances[0].process;
    victim.kill('SIGKILL');
    await once(victim, 'exit');

    const refreshed = await refresh(cluster.url, clientId, token);
    expect(refreshed).toMatchObject({ status: 200, servedBy: 'two' });
    const code = await authorize(cluster.url);
    expect(code.servedBy).toEqual(['two', 'two', 'two', 'two', 'two']);
    const { json } = await redeem(cluster.url, code);
    expect((await callTool(cluster.url, json.access_token, 'list_notes')).text).toContain('Hello from one');
  });
});
