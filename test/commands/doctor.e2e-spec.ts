import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DoctorService, type DoctorCheck } from '../../lib/index.js';
import { McpAuthLeaseEntity } from '../../lib/storage/lease.entity.js';
import { McpAuthRevocationEntity } from '../../lib/storage/revocation.entity.js';
import { freePort, SECRET, startApp, type TestApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { CommandsOnDatabase, type CommandResult } from './support/command-line.js';

const DAY = 86_400_000;
type Checks = Record<string, Pick<DoctorCheck, 'status' | 'message'>>;

describe.each(testDatabases())('mcp-auth doctor on $name', (kind) => {
  let commands: CommandsOnDatabase;
  let server: TestApp | undefined;
  let impostor: Server | undefined;

  beforeEach(async () => {
    commands = await CommandsOnDatabase.create(kind);
  });
  afterEach(async () => {
    await server?.close();
    await new Promise((done) => (impostor ? impostor.close(done) : done(undefined)));
    server = impostor = undefined;
    await commands.close();
  });

  const start = async (): Promise<NodeJS.ProcessEnv> => {
    server = await startApp({ existing: commands.database });
    return { MCP_SERVER_URL: server.url, MCP_HMAC_SECRET: SECRET };
  };
  const checksOf = ({ stdout }: CommandResult): Checks => {
    const { checks } = JSON.parse(stdout) as { checks: DoctorCheck[] };
    return Object.fromEntries(checks.map(({ name, ...check }) => [name, check]));
  };
  const examine = async (env: NodeJS.ProcessEnv): Promise<Checks> =>
    checksOf(await commands.run(['doctor', '--json'], { env }));
  /** What a server with other settings would publish. */
  const publish = async (documents: (base: string) => Record<string, [number, unknown]>): Promise<string> => {
    const port = await freePort();
    const base = `http://localhost:${port}`;
    impostor = createServer((request, response) => {
      const [status, document] = documents(base)[request.url ?? ''] ?? [404, {}];
      response.writeHead(status, { 'content-type': 'application/json', location: `${base}/elsewhere` });
      response.end(typeof document === 'string' ? document : JSON.stringify(document));
    });
    await new Promise<void>((done) => impostor!.listen(port, 'localhost', done));
    expect((impostor.address() as AddressInfo).port).toBe(port);
    return base;
  };

  it('finds a healthy installation healthy, and ends with 0', async () => {
    const env = await start();
    await commands.run(['cleanup']);
    const { code, stdout, stderr } = await commands.run(['doctor'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ok +schema +Tables, columns and indexes are there$/m);
    expect(stdout).toMatch(/^ok +secret +/m);
    expect(stdout).toMatch(/^ok +clock +This machine's clock is \d\.\d s (behind|ahead of) the database's$/m);
    expect(stdout).toMatch(new RegExp(`^ok +issuer +${server!.url} is reachable and calls itself so$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^ok +resource +${server!.url}/mcp/api is published`, 'm'));
    expect(stdout).toMatch(/^ok +cleanup +Cleanup last ran at \d{4}-/m);
    expect(stdout).toContain('0 failures, 0 warnings');
  });

  it('is a service of the application, which knows its own job', async () => {
    await start();
    const checks = await server!.app.get(DoctorService).examine();
    expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'schema ok',
      'secret ok',
      'clock ok',
      'issuer ok',
      'resource ok',
      'cleanup ok',
    ]);
    expect(checks.at(-1)?.message).toContain('it is scheduled here');
  });

  it('writes nothing', async () => {
    const tables = async (): Promise<string> => {
      const names = commands.dataSource.entityMetadatas.map(({ tableName }) => tableName);
      const contents = [];
      for (const name of names) contents.push(await commands.dataSource.query(`select * from ${name}`));
      return JSON.stringify(contents);
    };
    const runner = commands.dataSource.createQueryRunner();
    await runner.dropIndex('mcp_auth_clients', (await runner.getTable('mcp_auth_clients'))!.indices[0]!);
    await runner.clearSqlMemory();
    await runner.release();
    const before = await tables();
    const first = await examine({});
    expect(first.schema).toMatchObject({ status: 'failure' });
    expect(await tables()).toBe(before);
    expect(await examine({})).toMatchObject({ schema: first.schema });
  });

  it('sees a missing index, a missing column and a missing table', async () => {
    const runner = commands.dataSource.createQueryRunner();
    await runner.dropIndex('mcp_auth_grants', (await runner.getTable('mcp_auth_grants'))!.indices[0]!);
    expect((await examine({})).schema).toEqual({
      status: 'failure',
      message: expect.stringContaining('differ in mcp_auth_grants: run the migrations'),
    });
    await runner.dropColumn('mcp_auth_clients', 'registered_by');
    expect((await examine({})).schema?.message).toContain(
      'mcp_auth_clients is missing or out of date: run the migr',
    );
    await runner.dropTable('mcp_auth_leases');
    const checks = await examine({});
    expect(checks.schema?.status).toBe('failure');
    expect(checks.cleanup).toBeUndefined();
    await runner.release();
    // Other commands say the same instead of failing halfway.
    const { code, stderr } = await commands.run(['stats']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: Table \S+ is missing or out of date: run the migrations of nestjs-mcp-auth .*\n$/,
    );
  });

  it.each([
    [undefined, 'oauthSecret is not set: set MCP_HMAC_SECRET'],
    ['a-weak-one', 'oauthSecret is shorter than 32 bytes: set MCP_HMAC_SECRET'],
    ['a'.repeat(40), 'oauthSecret repeats a few characters only: set MCP_HMAC_SECRET'],
  ])('fails for the secret %s, and does not show it', async (secret, message) => {
    const env = secret === undefined ? {} : { MCP_HMAC_SECRET: secret };
    const { code, stdout } = await commands.run(['doctor', '--json'], { env });
    expect(code).toBe(1);
    expect(checksOf({ code, stdout, stderr: '' }).secret).toEqual({
      status: 'failure',
      message: expect.stringContaining(message),
    });
    if (secret !== undefined) expect(stdout).not.toContain(secret);
  });

  it('fails when nobody answers at the issuer', async () => {
    const url = `http://localhost:${await freePort()}`;
    const { issuer, resource } = await examine({ MCP_SERVER_URL: url });
    expect(issuer).toEqual({
      status: 'failure',
      message: expect.stringMatching(
        /oauth-authorization-server did not answer \(.*ECONNREFUSED.*\): start the/,
      ),
    });
    expect(resource?.status).toBe('failure');
  });

  it('compares the issuer character by character, and asks at the inserted path', async () => {
    const url = await publish((base) => ({
      '/.well-known/oauth-authorization-server/tenant': [200, { issuer: `${base}/tenant/` }],
      '/.well-known/oauth-protected-resource/tenant/mcp/api': [
        200,
        { resource: `${base}/tenant/mcp/api`, authorization_servers: ['https://other.example'] },
      ],
    }));
    const { issuer, resource } = await examine({ MCP_SERVER_URL: `${url}/tenant` });
    expect(issuer).toEqual({
      status: 'failure',
      message: expect.stringContaining(`names the issuer "${url}/tenant/", not "${url}/tenant"`),
    });
    expect(resource).toEqual({
      status: 'failure',
      message: expect.stringContaining('names the authorization servers ["https://other.example"]'),
    });
  });

  it.each<[string, [number, unknown], RegExp]>([
    ['a redirect', [302, {}], /answered 302: let it reach the application, without a redirect/],
    ['a page', [200, '<!doctype html>'], /is no JSON object/],
    ['a number', [200, '7'], /is no JSON object/],
  ])('takes %s for no metadata', async (_, answer, message) => {
    const url = await publish((base) => ({
      '/.well-known/oauth-authorization-server': answer,
      '/elsewhere': [200, { issuer: base }],
    }));
    const { issuer } = await examine({ MCP_SERVER_URL: url });
    expect(issuer).toEqual({ status: 'failure', message: expect.stringMatching(message) });
  });

  it('warns when cleanup never ran or not for a day, and fails when dead rows pile up', async () => {
    expect((await examine({})).cleanup).toEqual({
      status: 'warning',
      message: expect.stringMatching(/^Cleanup has never run: import ScheduleModule/),
    });
    const leases = commands.dataSource.getRepository(McpAuthLeaseEntity);
    await leases.insert({ name: 'cleanup', holder: randomUUID(), expiresAt: Date.now() - 26 * 3_600_000 });
    expect((await examine({})).cleanup).toMatchObject({ status: 'warning' });
    const entry = { kind: 'token', subject: 'jti', effectiveAt: 1 };
    const log = commands.dataSource.getRepository(McpAuthRevocationEntity);
    await log.insert({ ...entry, id: randomUUID(), relevantUntil: Date.now() - 1.5 * DAY });
    expect((await examine({})).cleanup).toMatchObject({ status: 'warning' });
    await log.insert({ ...entry, id: randomUUID(), relevantUntil: Date.now() - 2.5 * DAY });
    expect((await examine({})).cleanup).toEqual({
      status: 'failure',
      message: expect.stringContaining('and 1 rows are dead for more than two days'),
    });
    await commands.run(['cleanup']);
    expect((await examine({})).cleanup).toMatchObject({ status: 'ok' });
  });

  it('lists what would stop the application from starting', async () => {
    const { code, stdout } = await commands.run(['doctor'], {
      env: { NODE_ENV: 'production', MCP_SERVER_URL: 'http://app.example', MCP_HMAC_SECRET: SECRET },
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^failure +options +serverUrl \(MCP_SERVER_URL\) must begin with https:\/\/ in production$/m,
    );
  });

  it('still looks at the rest when the database is out of reach', async () => {
    const env = await start();
    await commands.line.write(
      'unreachable.mjs',
      `export default { options: { type: 'postgres', url: 'postgres://nobody@localhost:${await freePort()}/none' }, initialize() {} };`,
    );
    const { code, stdout } = await commands.line.run(['doctor', '-d', 'unreachable.mjs', '--json'], { env });
    expect(code).toBe(1);
    const checks = checksOf({ code, stdout, stderr: '' });
    expect(checks.database?.message).toMatch(/^The database cannot be opened: .*ECONNREFUSED/);
    expect(checks.issuer?.status).toBe('ok');
    expect(checks.schema).toBeUndefined();
  });
});
