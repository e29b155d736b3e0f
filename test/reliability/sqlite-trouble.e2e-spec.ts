import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { MCP_AUTH_ENTITIES } from '../../lib/index.js';
import { CleanupRepository } from '../../lib/storage/cleanup.repository.js';
import { Database } from '../../lib/storage/database.js';
import { testDatabases } from '../support/databases.js';
import { expectAllDone, expectAllPutOff, type Errands } from './support/errand.js';
import { Troubled } from './support/troubled.js';

const WRITES = ['approve', 'redeem', 'refresh', 'register', 'revokeAccess', 'revokeRefresh'] as const;

describe('an instance on SQLite', () => {
  let troubled: Troubled;
  let errands: Errands;

  beforeAll(async () => {
    troubled = await Troubled.start(testDatabases()[0]!);
  }, 60_000);
  beforeEach(async () => {
    errands = await troubled.errands();
  });
  afterEach(() => troubled.expectCleanOutput(errands));
  afterAll(() => troubled.close());

  /** On the instance's own connection, to which such a setting belongs. */
  const pragma = (text: string): Promise<unknown> =>
    troubled.instance.command({ name: 'sql', text: `pragma ${text}` });

  async function expectReadersToBeServed(): Promise<void> {
    expect((await errands.requests.authorize()).status).toBe(200);
    expect((await errands.requests.introspect()).status).toBe(200);
    await troubled.recovered(errands.accessToken);
  }

  it('puts off what finds no room on a full disk, and goes on when there is some', async () => {
    // No page more than the file has: what does not fit into those is refused as a full disk refuses it.
    await pragma('max_page_count = 1');
    let status = 201;
    for (let count = 0; count < 500 && status === 201; count++) {
      status = (await errands.requests.register()).status;
    }
    await expectAllPutOff(errands, 'register');
    await expectReadersToBeServed();
    await pragma('max_page_count = 1073741823');
    await expectAllDone(errands);
  }, 60_000);

  it('puts writes off while the database is read-only', async () => {
    await pragma('query_only = 1');
    await expectAllPutOff(errands, ...WRITES);
    await expectReadersToBeServed();
    await pragma('query_only = 0');
    await expectAllDone(errands);
  });

  it('puts writes off while another process holds the file, and its event loop goes on', async () => {
    await troubled.sql('begin immediate');
    await expectAllPutOff(errands, ...WRITES);
    await expectReadersToBeServed();
    await troubled.sql('rollback');
    await expectAllDone(errands);
  }, 60_000);

  it('cleans up all the same when another process holds the file for a moment', async () => {
    await errands.requests.revokeRefresh();
    const source = await new DataSource({
      ...troubled.database.options,
      entities: MCP_AUTH_ENTITIES,
    }).initialize();
    await troubled.sql('begin immediate');
    const removing = new CleanupRepository(new Database(source)).deleteRevokedGrants(Date.now() + 1, 1);
    await delay(500);
    await troubled.sql('rollback');
    expect(await removing).toBe(1);
    await source.destroy();
  });

  it('puts requests off while a table is missing', async () => {
    await troubled.sql('alter table mcp_auth_grants rename to hidden');
    await expectAllPutOff(errands, 'approve', 'redeem', 'refresh', 'introspect', 'revokeRefresh');
    await troubled.sql('alter table hidden rename to mcp_auth_grants');
    await troubled.recovered(errands.accessToken);
    await expectAllDone(errands);
  });
});
