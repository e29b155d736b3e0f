import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import type { Flow } from '../support/flow.js';
import { CommandsBesideApplication, type CommandResult, type CommandSetup } from './support/command-line.js';

describe.each(testDatabases())('revocation from the command line on $name', (kind) => {
  let commands: CommandsBesideApplication;
  let server: TestApp;
  let flow: Flow;

  beforeEach(async () => {
    commands = await CommandsBesideApplication.create(kind);
    ({ server, flow } = commands);
  });
  afterEach(() => commands.close());

  const run = (argv: string[], setup?: CommandSetup): Promise<CommandResult> => commands.run(argv, setup);

  it('ends every token of a client in the running application, and no other', async () => {
    const mine = await flow.tokens();
    await flow.tokens('bob', {}, mine.client);
    const other = await flow.tokens();
    const { code, stdout } = await run(['revoke-client', mine.client.client_id, '--yes']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        `Revoking all tokens for client: ${mine.client.client_id}\n` +
        '  - Revoked 2 grants with all codes and tokens\nComplete!\n',
    });
    const refused = await commands.untilRefused(mine.accessToken);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect((await flow.refresh(mine.client, mine.refreshToken)).body.error).toBe('invalid_grant');
    expect((await flow.call(other.accessToken)).status).toBe(200);
  });

  it('ends every token that a user granted, and nobody else’s', async () => {
    const alice = await flow.tokens('alice');
    const bob = await flow.tokens('bob');
    const { code, stdout } = await run(['revoke-user', 'alice', '-y']);
    expect(code).toBe(0);
    expect(stdout).toContain('Revoked 1 grant with all codes and tokens');
    expect((await commands.untilRefused(alice.accessToken)).status).toBe(401);
    expect((await flow.call(bob.accessToken)).status).toBe(200);
  });

  it('lasts as long as any access token may live when nobody says how long that is', async () => {
    await flow.tokens('alice');
    await run(['revoke-user', 'alice', '-y']);
    const [{ until }] = await server.dataSource.query(
      'select relevant_until as until from mcp_auth_revocations',
    );
    expect(Number(until)).toBeGreaterThan(Date.now() + 86_400_000 + 80_000_000);
  });

  it('shows the count and asks first; only a yes is one', async () => {
    const { accessToken, client } = await flow.tokens();
    for (const typed of ['n\n', '\n', 'yess\n', '\u0004']) {
      const declined = await run(['revoke-client', client.client_id], { typed });
      expect(declined.code).toBe(1);
      expect(declined.stderr).toContain(`Revoke 1 grant of client '${client.client_id}'? [y/N]`);
      expect(declined.stderr).toContain('Nothing was changed.');
    }
    expect((await flow.refresh(client, (await flow.tokens('bob', {}, client)).refreshToken)).status).toBe(
      200,
    );
    expect((await flow.call(accessToken)).status).toBe(200);
    const accepted = await run(['revoke-client', client.client_id], { typed: 'y\n' });
    expect(accepted.code).toBe(0);
    expect((await commands.untilRefused(accessToken)).status).toBe(401);
  });

  it('changes nothing where nobody can be asked', async () => {
    const { client } = await flow.tokens();
    const { code, stdout, stderr } = await run(['revoke-client', client.client_id]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('pass --yes');
    const [{ revoked }] = await server.dataSource.query(
      'select count(revoked_at) as revoked from mcp_auth_grants',
    );
    expect(Number(revoked)).toBe(0);
  });

  it('says that it does not know an id', async () => {
    expect(await run(['revoke-client', 'nobody', '--yes'])).toEqual({
      code: 1,
      stdout: '',
      stderr: "error: There is no client 'nobody'.\n",
    });
    expect(await run(['revoke-user', 'nobody', '--yes'])).toEqual({
      code: 1,
      stdout: '',
      stderr: "error: User 'nobody' has never granted anything.\n",
    });
  });

  it('has nothing to do for a client without grants, registered or in the options, and for a second time', async () => {
    const registered = await flow.register();
    for (const id of [registered.client_id, 'in-options']) {
      const { code, stdout } = await run(['revoke-client', id, '--yes', '-o', 'options.mjs']);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: `There is nothing to revoke for client '${id}'.\n`,
      });
    }
    await flow.tokens('alice');
    await run(['revoke-user', 'alice', '--yes']);
    const again = await run(['revoke-user', 'alice', '--yes']);
    expect(again).toMatchObject({ code: 0, stdout: "There is nothing to revoke for user 'alice'.\n" });
  });
});
