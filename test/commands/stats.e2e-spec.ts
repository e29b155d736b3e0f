import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GrantRepository } from '../../lib/storage/grant.repository.js';
import { Database } from '../../lib/storage/database.js';
import { testDatabases } from '../support/databases.js';
import { CommandsOnDatabase } from './support/command-line.js';
import { storeGrant } from './support/grants.js';

const HOUR = 3_600_000;

describe.each(testDatabases())('mcp-auth stats on $name', (kind) => {
  let commands: CommandsOnDatabase;

  beforeEach(async () => {
    commands = await CommandsOnDatabase.create(kind);
  });
  afterEach(() => commands.close());

  it('counts nothing in a new installation', async () => {
    const { code, stdout, stderr } = await commands.run(['stats']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('MCP Auth Statistics\n==========');
    expect(stdout).toMatch(/Grants +0 +0 +0 +0\n/);
    expect(stdout).toContain('Last cleanup: never');
  });

  it('counts codes, grants, tokens, clients and people, as a table and as JSON', async () => {
    const grants = new GrantRepository(new Database(commands.dataSource));
    const now = Date.now();
    const add = (userId: string, codeExpiresAt: number): Promise<string> =>
      storeGrant(commands.dataSource, { userId, codeExpiresAt });
    const redeem = async (userId: string, at: number, refreshExpiresAt: number | null): Promise<string> => {
      const grantId = await add(userId, at + HOUR);
      await grants.redeem({ grantId, clientId: 'c1', now: at, refreshExpiresAt });
      return grantId;
    };
    await add('alice', now + HOUR);
    await add('alice', now - HOUR);
    await redeem('alice', now, now + HOUR);
    await redeem('alice', now, now + HOUR);
    await redeem('bob', now - 40 * 24 * HOUR, now - 10 * 24 * HOUR);
    // Without a refresh token only the access token counts, whose lifetime is a day when nobody says less.
    await redeem('carol', now - 23 * HOUR, null);
    await redeem('carol', now - 25 * HOUR, null);
    await grants.revoke({ grantId: await redeem('dave', now, now + HOUR), now, reason: 'test' });
    await commands.run(['clients', 'create', '--name', 'One', '--redirect-uri', 'https://one.example/cb']);

    const { stdout } = await commands.run(['stats', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      clients: { total: 1, registeredByOperator: 1, unused: 0, inOptions: 0 },
      authorizationCodes: { active: 1, expired: 1, total: 2 },
      grants: { active: 3, expired: 2, revoked: 1, total: 6 },
      refreshTokens: { active: 2, expired: 1, total: 3 },
      users: { active: 2 },
      revocations: { accessTokens: 0, clients: 0, users: 0 },
      lastCleanup: null,
    });
    const { stdout: text } = await commands.run(['stats']);
    expect(text).toMatch(/Authorization Codes +1 +1 +2\n/);
    expect(text).toMatch(/Refresh Tokens +2 +1 +3\n/);
    expect(text).toMatch(/Grants +3 +2 +1 +6\n/);
    expect(text).toMatch(/Registered by the operator +1\n/);
    expect(text).toContain('Users with an active grant: 2');
  });
});
