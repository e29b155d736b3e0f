import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { freePort } from '../support/app.js';
import { sqliteOptions } from '../../sample/01-quickstart/src/database/sqlite-options.js';
import { testDatabases } from '../support/databases.js';
import { createPkce, Flow, TestBrowser } from '../support/flow.js';
import { emptyFolder, signIn, startClient, startQuickstart, type Quickstart } from '../support/quickstart.js';

/** The first start builds. */
const BUILD_TIMEOUT = 180_000;

type Folder = Awaited<ReturnType<typeof emptyFolder>>;

/** Asks the MCP server over plain HTTP, as a tool call. */
async function whoami(url: string, accessToken: string): Promise<string> {
  const response = await fetch(`${url}/mcp/api`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami' } }),
  });
  const text = await response.text();
  return /"text":"([^"]*)"/.exec(text)?.[1] ?? `${response.status} ${text}`;
}

/** From the login form to tokens. */
async function signedInTokens(server: Quickstart, username = 'alice', password = 'wonderland') {
  const flow = new Flow(server.url);
  const client = await flow.register();
  const pkce = createPkce();
  const browser = new TestBrowser();
  const consentUrl = await signIn(browser, flow.authorizeUrl(client, pkce), username, password);
  const callback = await flow.consent(browser, consentUrl);
  const { body } = await flow.redeem(client, callback.searchParams.get('code') ?? '', pkce);
  return { ...body, client_id: client.client_id };
}

describe('the quickstart', () => {
  let folder: Folder;
  let server: Quickstart;

  beforeAll(async () => {
    folder = await emptyFolder();
    server = await startQuickstart(folder.path);
  }, BUILD_TIMEOUT);
  afterAll(async () => {
    await server.stop();
    await folder.remove();
  });

  it('answers the command-line client with the name of who signs in', async () => {
    const { authorizationUrl, finished } = await startClient(folder.path, `${server.url}/mcp/api`);
    const browser = new TestBrowser();
    const consentUrl = await signIn(browser, authorizationUrl, 'bob', 'builder');
    const callback = await new Flow(server.url).consent(browser, consentUrl);
    expect(await (await fetch(callback)).text()).toContain('Done');

    const output = await finished;
    expect(output).toContain('Tools: whoami, list_notes, add_note');
    expect(output.match(/whoami: Bob/g)).toHaveLength(2);
    expect(output).toMatch(/list_notes: - Hello from the client/);
    expect(output).toContain('Refresh: AUTHORIZED');
  });

  it('signs tokens with ES256 and offers openid, email and profile', async () => {
    const metadata = (await (await fetch(`${server.url}/.well-known/openid-configuration`)).json()) as Record<
      string,
      string[]
    >;
    expect(metadata.id_token_signing_alg_values_supported).toEqual(['ES256']);
    expect(metadata.scopes_supported).toEqual(expect.arrayContaining(['openid', 'email', 'profile']));
    const { access_token: token = '' } = await signedInTokens(server);
    expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      alg: 'ES256',
      typ: 'at+jwt',
    });
    expect(await whoami(server.url, token)).toBe('Alice');
  });

  it('keeps its secret and key to itself, and tells neither', async () => {
    const data = join(folder.path, '.data');
    expect((await readdir(data)).sort()).toEqual(
      expect.arrayContaining(['app.db', 'app.db.mcp-auth', 'hmac-secret', 'signing-key.pem']),
    );
    for (const name of ['hmac-secret', 'signing-key.pem']) {
      expect((await stat(join(data, name))).mode & 0o777).toBe(0o600);
      expect(server.output()).not.toContain(await readFile(join(data, name), 'utf8'));
    }
    expect(server.output()).toContain('npm run client');
  });

  it('refuses a wrong password, an unknown user and a form of a foreign page', async () => {
    const login = (fields: Record<string, string>, origin = server.url) =>
      new TestBrowser().submit(`${server.url}/login`, Object.entries(fields), { origin });
    expect((await login({ username: 'alice', password: 'builder' })).status).toBe(401);
    expect((await login({ username: 'mallory', password: 'wonderland' })).status).toBe(401);
    expect((await login({ username: 'alice', password: 'wonderland' }, 'https://evil.example')).status).toBe(
      403,
    );
    expect((await login({ username: 'alice', password: 'wonderland' })).status).toBe(303);
  });

  it('takes no forged session, and none that names somebody else', async () => {
    const cookieOf = async (username: string, password: string): Promise<string> => {
      const browser = new TestBrowser();
      await browser.submit(`${server.url}/login`, [
        ['username', username],
        ['password', password],
      ]);
      return browser.cookieHeader;
    };
    const alice = await cookieOf('alice', 'wonderland');
    const home = async (cookie: string): Promise<string> =>
      (await fetch(server.url, { headers: { cookie } })).text();
    expect(await home(alice)).toContain('Alice');
    expect(await home(alice.replace('alice', 'bob'))).toContain('Nobody is signed in');
    expect(await home(`${alice}x`)).toContain('Nobody is signed in');
  });

  it('is left in order by SIGTERM and goes on where it ended', async () => {
    const own = await emptyFolder();
    const environment = { MCP_SERVER_URL: 'http://localhost:1', DATABASE_URL: 'sqlite:kept/notes.db' };
    const first = await startQuickstart(own.path, environment);
    const secret = await readFile(join(own.path, '.data/hmac-secret'), 'utf8');
    expect(await first.stop()).toBe(0);
    const second = await startQuickstart(own.path, environment);
    expect(await readFile(join(own.path, '.data/hmac-secret'), 'utf8')).toBe(secret);
    // Built already, and by nobody's hands since.
    expect(second.output()).not.toContain('Building');
    expect(await readdir(join(own.path, 'kept'))).toEqual(
      expect.arrayContaining(['notes.db', 'notes.db.mcp-auth']),
    );
    expect(await second.stop()).toBe(0);
    await own.remove();
  });
});

describe('two quickstarts on one folder, started at once', () => {
  it('share secret, key and database: what one grants the other accepts, and what one revokes the other refuses', async () => {
    const folder = await emptyFolder();
    const ports = [String(await freePort()), String(await freePort())];
    // One public URL, as behind a load balancer.
    const MCP_SERVER_URL = `http://localhost:${ports[0]}`;
    const servers = await Promise.all(
      ports.map((PORT) => startQuickstart(folder.path, { PORT, MCP_SERVER_URL })),
    );
    try {
      const [first, second] = servers as [Quickstart, Quickstart];
      const { access_token: token = '', client_id: clientId } = await signedInTokens(first);
      expect(await whoami(second.url, token)).toBe('Alice');

      await new Flow(second.url).token({ token, client_id: clientId }, {}, '/oauth/revoke');
      expect(await whoami(second.url, token)).toMatch(/^401 /);
      const deadline = Date.now() + 10_000;
      while ((await whoami(first.url, token)) === 'Alice' && Date.now() < deadline) await delay(100);
      expect(await whoami(first.url, token)).toMatch(/^401 /);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await folder.remove();
    }
  }, 60_000);
});

describe.each([
  { name: 'Fastify', adapter: 'fastify', database: 'sqlite' },
  ...testDatabases()
    .filter(({ name }) => name !== 'sqlite')
    .map(({ name }) => ({ name, adapter: 'express', database: name })),
])('the quickstart on $name', ({ adapter, database }) => {
  it('lets a user in', async () => {
    const folder = await emptyFolder();
    const kind = testDatabases().find(({ name }) => name === database)!;
    const created = await kind.create();
    const { url } = created.options as { url?: string };
    const server = await startQuickstart(folder.path, {
      ADAPTER: adapter,
      ...(url !== undefined && { DATABASE_URL: url }),
    });
    try {
      const { access_token: token = '' } = await signedInTokens(server, 'bob', 'builder');
      expect(await whoami(server.url, token)).toBe('Bob');
    } finally {
      expect(await server.stop()).toBe(0);
      await created.drop();
      await folder.remove();
    }
  }, 60_000);
});

describe('the guarded libsql driver', () => {
  it('loses no acknowledged write when three processes hammer one file', async () => {
    const WRITES = 800;
    const folder = await emptyFolder();
    const file = join(folder.path, 'hammered.db');
    const source = await new DataSource(sqliteOptions(file)).initialize();
    await source.query('create table hits (process integer not null, n integer not null)');
    await source.query('create table counter (id integer primary key, value integer not null)');
    await source.query('insert into counter values (1, 0)');

    const worker = resolve('test/quickstart/hammer.mjs');
    const startAt = String(Date.now() + 1500);
    const acknowledged = await Promise.all(
      [1, 2, 3].map(
        (process_) =>
          new Promise<number>((done, fail) => {
            const child = spawn(process.execPath, [worker, file, String(process_), String(WRITES), startAt]);
            let output = '';
            child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
            child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
            child.once('exit', (code) => (code === 0 ? done(Number(output)) : fail(new Error(output))));
          }),
      ),
    );

    const [{ hits }] = (await source.query('select count(*) as hits from hits')) as [{ hits: number }];
    const [{ value }] = (await source.query('select value from counter')) as [{ value: number }];
    expect(acknowledged).toEqual([WRITES, WRITES, WRITES]);
    expect({ hits, value }).toEqual({ hits: 3 * WRITES, value: 3 * WRITES });
    await source.destroy();
    await folder.remove();
  }, 60_000);
});
