import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { MCP_AUTH_ENTITIES, MCP_AUTH_MIGRATIONS } from '../../lib/index.js';
import { testDatabases } from '../support/databases.js';
import { expectAllDone, expectAllPutOff, type Errands } from './support/errand.js';
import { Troubled } from './support/troubled.js';

const CONNECTIONS = 4;
const servers = testDatabases().filter(({ name }) => name !== 'sqlite');
const WRITES = ['approve', 'redeem', 'refresh', 'register', 'revokeAccess', 'revokeRefresh'] as const;
const ON_GRANTS = ['approve', 'redeem', 'refresh', 'introspect', 'revokeRefresh'] as const;

describe.each(servers)('an instance on $name', (kind) => {
  let troubled: Troubled;
  let errands: Errands;
  /** Ends the trouble. */
  let undo: () => Promise<unknown>;

  beforeAll(async () => {
    troubled = await Troubled.start(kind, { connections: CONNECTIONS });
  }, 60_000);
  beforeEach(async () => {
    undo = () => Promise.resolve();
    errands = await troubled.errands();
  });
  afterEach(async () => {
    await undo();
    await troubled.recovered(errands.accessToken);
    await expectAllDone(errands);
    troubled.expectCleanOutput(errands);
  }, 60_000);
  afterAll(() => troubled.close(), 60_000);

  async function expectGuardToFailClosed(): Promise<void> {
    await (await troubled.guardAnswers(503, errands.accessToken)).arrayBuffer();
  }

  it('puts requests off while a lock keeps them waiting, and recovers by itself', async () => {
    undo = await troubled.lockGrants();
    await expectAllPutOff(errands, ...ON_GRANTS);
    await expectGuardToFailClosed();
  }, 60_000);

  it('puts requests off while the application has every connection, and recovers by itself', async () => {
    undo = () => troubled.instance.command({ name: 'letGo' });
    await troubled.instance.command({ name: 'hold', connections: CONNECTIONS });
    await expectAllPutOff(errands);
    await expectGuardToFailClosed();
  }, 60_000);

  it.each([
    ['table', 'rename to hidden', 'alter table hidden rename to mcp_auth_grants'],
    [
      'column',
      'rename column refresh_generation to hidden',
      'alter table mcp_auth_grants rename column hidden to refresh_generation',
    ],
  ])(
    'puts requests off while a %s is missing, and recovers by itself',
    async (_, change, back) => {
      undo = () => troubled.sql(back);
      await troubled.sql(`alter table mcp_auth_grants ${change}`);
      await expectAllPutOff(errands, ...ON_GRANTS);
    },
    60_000,
  );

  if (kind.name === 'postgres') {
    /** A setting of the database holds for the connections that come after. */
    const set = async (setting: string): Promise<void> => {
      await troubled.sql(`alter database ${troubled.name} ${setting}`);
      await troubled.sql(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    };

    it('puts writes off while the database is read-only, goes on with the rest, and recovers by itself', async () => {
      undo = () => set('reset default_transaction_read_only');
      await set('set default_transaction_read_only = on');
      await troubled.recovered(errands.accessToken);
      await expectAllPutOff(errands, ...WRITES);
      expect((await errands.requests.authorize()).status).toBe(200);
      expect((await errands.requests.introspect()).status).toBe(200);
    }, 60_000);

    it('puts requests off that the server ends by its statement_timeout, and recovers by itself', async () => {
      await set('set statement_timeout = 200');
      await troubled.recovered(errands.accessToken);
      const unlock = await troubled.lockGrants();
      undo = async () => {
        await unlock();
        await set('reset statement_timeout');
      };
      await expectAllPutOff(errands, ...ON_GRANTS);
    }, 60_000);
  }
});

describe.each(testDatabases())('starting on $name with a migration missing', (kind) => {
  it.each([
    ['table', 'drop table mcp_auth_revocations'],
    ['column', 'alter table mcp_auth_clients drop column application_type'],
  ])(
    'says that a %s is missing, and what to do',
    async (_, change) => {
      const database = await kind.create();
      const source = await new DataSource({
        ...database.options,
        entities: MCP_AUTH_ENTITIES,
        migrations: MCP_AUTH_MIGRATIONS,
      }).initialize();
      await source.runMigrations();
      await source.query(change);
      await expect(Troubled.instanceOn(database)).rejects.toThrow(
        /is missing or out of date: run the migrations of nestjs-mcp-auth/,
      );
      await source.destroy();
      await database.drop();
    },
    60_000,
  );
});

describe.each(servers)('starting while $name is down', (kind) => {
  it('ends with an error that says so', async () => {
    const troubled = await Troubled.start(kind);
    await troubled.instance.stop();
    await troubled.proxy!.refuse();
    await expect(troubled.instance.start()).rejects.toThrow(/ECONNREFUSED/);
    await troubled.close();
  }, 60_000);
});
