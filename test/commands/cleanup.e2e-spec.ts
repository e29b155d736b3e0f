import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ClientRepository } from '../../lib/storage/client.repository.js';
import { Database } from '../../lib/storage/database.js';
import { McpAuthClientEntity } from '../../lib/storage/client.entity.js';
import { McpAuthGrantEntity } from '../../lib/storage/grant.entity.js';
import { McpAuthLeaseEntity } from '../../lib/storage/lease.entity.js';
import { RevocationRepository } from '../../lib/storage/revocation.repository.js';
import { testDatabases } from '../support/databases.js';
import { CommandsOnDatabase } from './support/command-line.js';
import { storeGrant } from './support/grants.js';

const DAY = 86_400_000;

describe.each(testDatabases())('mcp-auth cleanup on $name', (kind) => {
  let commands: CommandsOnDatabase;

  beforeEach(async () => {
    commands = await CommandsOnDatabase.create(kind);
    await commands.line.write(
      'options.mjs',
      'export default { oauthSecret: "0123456789abcdefghijklmnopqrstuvwxyz", currentUser: () => null, loginUrl: () => "/", cleanup: { batchSize: 2, unusedClientLifetime: 3600 } };',
    );
  });
  afterEach(() => commands.close());

  const addGrants = async (count: number, codeExpiresAt: number): Promise<void> => {
    for (let index = 0; index < count; index++) await storeGrant(commands.dataSource, { codeExpiresAt });
  };
  const addUnusedClient = (id: string, registeredBy: 'operator' | null = null): Promise<boolean> =>
    new ClientRepository(new Database(commands.dataSource)).insert({
      clientId: id,
      secretDigest: null,
      clientName: id,
      clientUri: null,
      redirectUris: [],
      grantTypes: [],
      tokenEndpointAuthMethod: 'none',
      scope: null,
      applicationType: null,
      createdAt: Date.now() - 30 * DAY,
      markedAt: Date.now() - 2 * DAY,
      registeredBy,
      allowIntrospection: false,
    });
  const countGrants = (): Promise<number> => commands.dataSource.getRepository(McpAuthGrantEntity).count();

  it('says what it would remove, and removes nothing, in a dry run', async () => {
    await addGrants(5, Date.now() - 3 * DAY);
    await addGrants(1, Date.now() + DAY);
    await addUnusedClient('unused');
    await new RevocationRepository(new Database(commands.dataSource)).append({
      id: randomUUID(),
      kind: 'token',
      subject: 'a-jti',
      at: 1,
      until: 2,
    });
    const { code, stdout } = await commands.run(['cleanup', '--dry-run', '-o', 'options.mjs']);
    expect(code).toBe(0);
    expect(stdout).toContain('Would remove 5 dead grants');
    expect(stdout).toContain('Would remove 1 entry of the revocation log');
    expect(stdout).toContain('Would remove 1 unused client\n');
    expect(stdout).toContain('Nothing was changed.');
    expect(await countGrants()).toBe(6);
    expect(await commands.dataSource.getRepository(McpAuthLeaseEntity).count()).toBe(0);
  });

  it('removes dead rows in batches, says how many, and shows its way in plain lines', async () => {
    await addGrants(5, Date.now() - 3 * DAY);
    await addGrants(1, Date.now() + DAY);
    await addUnusedClient('unused');
    const { code, stdout } = await commands.run(['cleanup', '-o', 'options.mjs']);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'Cleaning up expired MCP Auth tokens...',
      '   30% 2 of 6 rows',
      '   60% 4 of 6 rows',
      '   80% 5 of 6 rows',
      '  100% 6 of 6 rows',
      '  - Removed 5 dead grants (authorization codes and refresh tokens)',
      '  - Removed 0 entries of the revocation log',
      '  - Removed 1 unused client',
      'Cleanup complete!',
      '',
    ]);
    expect(await countGrants()).toBe(1);
    const { stdout: statistics } = await commands.run(['stats', '--json']);
    const { lastCleanup } = JSON.parse(statistics) as { lastCleanup: string };
    expect(Math.abs(Date.parse(lastCleanup) - Date.now())).toBeLessThan(60_000);
  });

  it('draws one growing bar on a terminal', async () => {
    await addGrants(4, Date.now() - 3 * DAY);
    const { stdout } = await commands.run(['cleanup', '-o', 'options.mjs'], { typed: '' });
    const drawings = stdout.split('\r').slice(1);
    expect(drawings[0]).toBe(`[${'-'.repeat(30)}]   0% 0 of 4 rows`);
    expect(drawings[1]).toBe(`[${'#'.repeat(15)}${'-'.repeat(15)}]  50% 2 of 4 rows`);
    expect(drawings.at(-1)).toContain(`[${'#'.repeat(30)}] 100% 4 of 4 rows\n`);
  });

  it('never deletes clients of the operator, nor any unused one while the options are unknown', async () => {
    await addUnusedClient('self-registered');
    await addUnusedClient('of-the-operator', 'operator');
    const { stdout } = await commands.run(['cleanup']);
    expect(stdout).toContain('Unused clients stay');
    const clients = commands.dataSource.getRepository(McpAuthClientEntity);
    expect(await clients.count()).toBe(2);
    await commands.run(['cleanup', '-o', 'options.mjs']);
    expect((await clients.find()).map(({ clientId }) => clientId)).toEqual(['of-the-operator']);
  });

  it('never marks a client of the operator as unused', async () => {
    await commands.run(['clients', 'create', '--name', 'Mine', '--redirect-uri', 'https://one.example/cb']);
    const clients = commands.dataSource.getRepository(McpAuthClientEntity);
    await clients.createQueryBuilder().update().set({ createdAt: 1 }).execute();
    await commands.run(['cleanup', '-o', 'options.mjs']);
    expect(await clients.findOneByOrFail({})).toMatchObject({ markedAt: null });
  });

  it('ends after the batch that is under way when it is interrupted, and lets the next one in', async () => {
    await addGrants(7, Date.now() - 3 * DAY);
    let isInterrupted = false;
    const { code, stdout, stderr } = await commands.run(['cleanup', '-o', 'options.mjs'], {
      onOutput: (text, signals) => {
        if (isInterrupted || !text.includes('2 of 7')) return;
        isInterrupted = true;
        // As a real signal, when the event loop turns: also an embedded database has to let it.
        setImmediate(() => signals.emit('SIGINT'));
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain('Interrupted');
    const left = await countGrants();
    expect(left).toBeGreaterThan(0);
    expect(stdout).toContain(`Removed ${7 - left} dead grants`);
    const next = await commands.run(['cleanup', '-o', 'options.mjs']);
    expect(next.stdout).toContain(`Removed ${left} dead grant`);
    expect(await countGrants()).toBe(0);
  });

  it('leaves the work to a cleanup that is running elsewhere', async () => {
    await addGrants(1, Date.now() - 3 * DAY);
    await commands.dataSource
      .getRepository(McpAuthLeaseEntity)
      .insert({ name: 'cleanup', holder: randomUUID(), expiresAt: Date.now() + DAY });
    const { code, stdout } = await commands.run(['cleanup']);
    expect(code).toBe(0);
    expect(stdout).toContain('Another cleanup is running');
    expect(await countGrants()).toBe(1);
  });
});
