import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClientAdministrationService } from '../../lib/index.js';
import type { TestApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { REDIRECT_URI, TestBrowser, createPkce, type Flow, type RegisteredClient } from '../support/flow.js';
import { CommandsBesideApplication, type CommandResult, type CommandSetup } from './support/command-line.js';

interface Created extends RegisteredClient {
  token_endpoint_auth_method: string;
  scope?: string;
}

describe.each(testDatabases())('mcp-auth clients on $name', (kind) => {
  let commands: CommandsBesideApplication;
  let server: TestApp;
  let flow: Flow;

  beforeEach(async () => {
    commands = await CommandsBesideApplication.create(kind);
    ({ server, flow } = commands);
  });
  afterEach(() => commands.close());

  const run = (argv: string[], setup?: CommandSetup): Promise<CommandResult> =>
    commands.run(['clients', ...argv], setup);
  const create = async (...argv: string[]): Promise<Created> => {
    const { code, stdout, stderr } = await run(['create', '--name', 'CI', ...argv, '--json']);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Created;
  };
  const basic = (id: string, secret = ''): string =>
    `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;

  it('creates a confidential client that gets tokens by its secret and by nothing else', async () => {
    const client = await create('--redirect-uri', REDIRECT_URI, '--redirect-uri', 'https://ci.example/cb');
    expect(client).toMatchObject({
      redirect_uris: [REDIRECT_URI, 'https://ci.example/cb'],
      token_endpoint_auth_method: 'client_secret_basic',
    });
    expect(client.client_secret).toMatch(/^[\w-]{43}$/);
    const step = await flow.code('alice', {}, client);
    const without = await flow.redeem({ ...client, client_secret: '' }, step.code, step.pkce);
    expect(without).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await flow.redeem(client, step.code, step.pkce)).status).toBe(200);
  });

  it('creates a public client', async () => {
    const client = await create('--public', '--redirect-uri', REDIRECT_URI);
    expect(client.client_secret).toBeUndefined();
    expect(client.token_endpoint_auth_method).toBe('none');
    expect((await flow.tokens('alice', {}, client)).answer.status).toBe(200);
  });

  it('stores no secret, and shows one only when it is made', async () => {
    const { code, stdout, stderr } = await run(['create', '--name', 'CI', '--redirect-uri', REDIRECT_URI]);
    expect(code).toBe(0);
    const secret = /^client_secret +(\S+)$/m.exec(stdout)![1]!;
    const id = /^client_id +(\S+)$/m.exec(stdout)![1]!;
    expect(stderr).toContain('shown this once');
    const rows = JSON.stringify(await server.dataSource.query('select * from mcp_auth_clients'));
    expect(rows).not.toContain(secret);
    const shown = await run(['show', id]);
    expect(shown.stdout).toContain('client_secret_basic');
    expect(shown.stdout).not.toContain(secret);
    expect((await run(['list', '--json'])).stdout).not.toContain(secret);
  });

  it('is verified on the consent page, unlike a client that registered itself', async () => {
    const page = async (client: RegisteredClient): Promise<string> =>
      (await new TestBrowser('alice').request(flow.authorizeUrl(client, createPkce()))).text();
    expect(await page(await flow.register())).toContain('This application is not verified');
    expect(await page(await create('--redirect-uri', 'http://localhost:7777/callback'))).not.toContain(
      'This application is not verified',
    );
  });

  it('has its scope as a ceiling, and every scope without one', async () => {
    const narrow = await create('--redirect-uri', REDIRECT_URI, '--scope', 'mcp:read');
    expect((await flow.tokens('alice', {}, narrow)).answer.body.scope).toBe('mcp:read');
    const wide = await create('--redirect-uri', REDIRECT_URI);
    expect(wide.scope).toBeUndefined();
    expect((await flow.tokens('alice', {}, wide)).answer.body.scope).toBe('mcp:read mcp:write');
  });

  it('may introspect tokens of others only when it was told so', async () => {
    const { accessToken } = await flow.tokens();
    const resourceServer = await create('--allow-introspection');
    const ordinary = await create('--redirect-uri', REDIRECT_URI);
    const ask = async ({ client_id, client_secret }: Created): Promise<unknown> =>
      (
        await flow.token(
          { token: accessToken },
          { authorization: basic(client_id, client_secret) },
          '/oauth/introspect',
        )
      ).body.active;
    expect(await ask(resourceServer)).toBe(true);
    expect(await ask(ordinary)).toBe(false);
  });

  it.each([
    [
      'a redirect URI that registration would refuse',
      ['--redirect-uri', 'http://evil.example/cb'],
      'must use https',
    ],
    ['no redirect URI', [], 'redirect_uris must hold at least one URI'],
    [
      'a page that is no URL',
      ['--redirect-uri', REDIRECT_URI, '--uri', 'javascript:alert(1)'],
      'client_uri must be',
    ],
    ['an empty scope', ['--redirect-uri', REDIRECT_URI, '--scope', ' '], 'scope is empty'],
    ['what is no scope', ['--redirect-uri', REDIRECT_URI, '--scope', 'a"b'], 'printable ASCII'],
    ['a public client that introspects', ['--public', '--allow-introspection'], 'cannot be public'],
    [
      'a secret for a public client',
      ['--public', '--auth-method', 'client_secret_post'],
      'cannot be used with',
    ],
    ['an unknown method', ['--auth-method', 'tls_client_auth'], 'Allowed choices are'],
  ])('refuses %s, with its usage', async (_, argv, message) => {
    const { code, stdout, stderr } = await run(['create', '--name', 'CI', ...argv]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: mcp-auth clients create');
    expect((await run(['list'])).stdout).toBe('0 of 0 clients\n');
  });

  it('knows the application’s scopes when it is told its options', async () => {
    const argv = ['create', '--name', 'CI', '--redirect-uri', REDIRECT_URI, '--scope', 'mcp:read mcp:admin'];
    const refused = await run([...argv, '-o', 'options.mjs']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('scope names mcp:admin, but known are only: mcp:read mcp:write');
    expect((await run(argv)).code).toBe(0);
  });

  it('lists clients page by page, oldest first, and shows one with its grants', async () => {
    const mine = await create('--redirect-uri', REDIRECT_URI, '--uri', 'https://ci.example');
    const registered = await flow.register({ client_name: 'Claude' });
    await flow.tokens('alice', {}, mine);
    await flow.tokens('bob', {}, mine);
    const { stdout } = await run(['list']);
    const [headers, first, second, total] = stdout.split('\n');
    expect(headers).toMatch(/^Client +Authentication +Registered by +On +Name$/);
    expect(first).toMatch(
      new RegExp(`^${mine.client_id} +client_secret_basic +operator +\\d{4}-\\d\\d-\\d\\d +CI$`),
    );
    expect(second).toMatch(
      new RegExp(`^${registered.client_id} +none +client +\\d{4}-\\d\\d-\\d\\d +Claude$`),
    );
    expect(total).toBe('2 of 2 clients');
    const page = JSON.parse((await run(['list', '--limit', '1', '--offset', '1', '--json'])).stdout) as {
      clients: Created[];
      total: number;
    };
    expect(page.total).toBe(2);
    expect(page.clients.map(({ client_id }) => client_id)).toEqual([registered.client_id]);
    const shown = JSON.parse((await run(['show', mine.client_id, '--json'])).stdout) as object;
    expect(shown).toMatchObject({
      client_name: 'CI',
      client_uri: 'https://ci.example/',
      registered_by: 'operator',
      allow_introspection: false,
      unused_since: null,
      grants: 2,
    });
  });

  it('rotates a secret: the former one is refused at once, and grants live on', async () => {
    const client = await create('--redirect-uri', REDIRECT_URI);
    const { refreshToken } = await flow.tokens('alice', {}, client);
    const { code, stdout } = await run(['rotate-secret', client.client_id, '--yes', '--json']);
    expect(code).toBe(0);
    const rotated = { ...client, ...(JSON.parse(stdout) as { client_secret: string }) };
    expect(rotated.client_secret).not.toBe(client.client_secret);
    expect((await flow.refresh(client, refreshToken)).status).toBe(401);
    expect((await flow.refresh(rotated, refreshToken)).status).toBe(200);
  });

  it('asks before it replaces a secret or deletes a client', async () => {
    const client = await create('--redirect-uri', REDIRECT_URI);
    for (const command of ['rotate-secret', 'delete']) {
      expect((await run([command, client.client_id])).stderr).toContain('pass --yes');
      expect((await run([command, client.client_id], { typed: 'no\n' })).code).toBe(1);
    }
    expect((await flow.tokens('alice', {}, client)).answer.status).toBe(200);
    expect((await run(['delete', client.client_id], { typed: 'yes\n' })).code).toBe(0);
  });

  it('deletes a client with everything that was granted to it', async () => {
    const client = await create('--redirect-uri', REDIRECT_URI);
    const { accessToken, refreshToken } = await flow.tokens('alice', {}, client);
    const pending = await flow.code('bob', {}, client);
    const { code, stdout } = await run(['delete', client.client_id, '--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain('Revoked 2 grants');
    expect((await flow.refresh(client, refreshToken)).body.error).toBe('invalid_client');
    expect((await flow.redeem(client, pending.code, pending.pkce)).body.error).toBe('invalid_client');
    expect((await commands.untilRefused(accessToken)).status).toBe(401);
    expect((await run(['show', client.client_id])).code).toBe(1);
  });

  it('says that it does not know an id, or where else the client is', async () => {
    for (const command of ['show', 'rotate-secret', 'delete']) {
      expect(await run([command, 'nobody'])).toEqual({
        code: 1,
        stdout: '',
        stderr: "error: There is no client 'nobody'.\n",
      });
      const elsewhere = await run([command, 'in-options', '-o', 'options.mjs']);
      expect(elsewhere).toMatchObject({ code: 1, stdout: '' });
      expect(elsewhere.stderr).toContain('is in the clients option of McpAuthModule');
    }
    const publicClient = await flow.register({ token_endpoint_auth_method: 'none' });
    const { code, stderr } = await run(['rotate-secret', publicClient.client_id]);
    expect(code).toBe(1);
    expect(stderr).toContain('is public: it has no secret');
  });

  it('is a service of the application as well, which tells the audit log', async () => {
    const clients = server.app.get(ClientAdministrationService);
    const { client_id } = await clients.create({ clientName: 'From within', redirectUris: [REDIRECT_URI] });
    expect(await clients.show(client_id)).toMatchObject({ client_name: 'From within', grants: 0 });
    expect(await clients.rotateSecret(client_id)).toEqual({
      secret: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(await clients.delete(client_id)).toEqual({ revokedGrants: 0 });
    expect(await clients.delete(client_id)).toBe('unknown');
    expect(server.events.filter(({ clientId }) => clientId === client_id).map(({ type }) => type)).toEqual([
      'client.registered',
      'client.secret_rotated',
      'grant.revoked',
      'client.deleted',
    ]);
  });
});
