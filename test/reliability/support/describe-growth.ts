import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { CleanupService } from '../../../lib/index.js';
import { ClientRepository } from '../../../lib/storage/client.repository.js';
import { CompiledStatement } from '../../../lib/storage/compiled-statement.js';
import { GrantRepository } from '../../../lib/storage/grant.repository.js';
import { RevocationRepository } from '../../../lib/storage/revocation.repository.js';
import { startApp, type TestApp } from '../../support/app.js';
import { testDatabases } from '../../support/databases.js';
import { Arena } from './arena.js';
import { genericPlan, plan } from './plans.js';
import { StatementRecorder } from './statement-recorder.js';
import { percentiles, refreshUntil } from './steady-load.js';
import { seedDead, seedLiving } from './seed.js';

export interface Growth {
  clients: number;
  living: number;
  dead: number;
}

/** Every statement that a repository has compiled, or would on first use, by its name. */
function compiledStatements(repository: object): [string, string][] {
  return Object.entries(repository).flatMap(([name, member]: [string, unknown]): [string, string][] => {
    if (typeof member === 'function') {
      const statement: unknown = (member as () => unknown)();
      return statement instanceof CompiledStatement ? [[name, statement.sql]] : [];
    }
    return typeof member === 'object' && member !== null && Object.getPrototypeOf(member) === Object.prototype
      ? compiledStatements(member)
      : [];
  });
}

/** What the module does to a PostgreSQL that holds very much. */
export function describeGrowth({ clients, living, dead }: Growth): void {
  const postgres = testDatabases().find(({ name }) => name === 'postgres')!;

  describe(`PostgreSQL with ${living} grants and ${clients} clients`, () => {
    const recorder = new StatementRecorder();
    let arena: Arena;
    let app: TestApp;

    beforeAll(async () => {
      arena = await Arena.open(postgres, { options: { cleanup: { enabled: false } } });
      await seedLiving(arena.source, clients, living);
      app = await startApp({
        existing: arena.database,
        logger: recorder,
        options: { revocationPollInterval: 0.1, cleanup: { enabled: false } },
      });
    }, 900_000);
    afterAll(async () => {
      await app.close();
      await arena.close();
    }, 60_000);

    it('finds whatever a request needs by an index', async () => {
      const repositories = [ClientRepository, GrantRepository, RevocationRepository].map((type) =>
        app.app.get<object>(type),
      );
      const statements = repositories
        .flatMap(compiledStatements)
        // How much of the log there is to read is told by the values: see below.
        .filter(([, sql]) => !/where "\w"."(effective_at|revoked_at)" >= \$1$/i.test(sql));
      expect(statements.length).toBeGreaterThanOrEqual(11);
      for (const [name, sql] of statements) {
        expect({ name, ...(await genericPlan(arena.source, sql)) }).toMatchObject({ scanned: [] });
      }
    });

    it('reads no more of the revocation log than is new', async () => {
      recorder.seen = [];
      await delay(1000);
      const looks = recorder.seen.filter(({ sql }) => /"(effective_at|revoked_at)" >= \$1$/.test(sql));
      expect(looks.length).toBeGreaterThanOrEqual(2);
      for (const { sql, values } of looks.slice(0, 4)) {
        expect({ sql, ...(await plan(arena.source, sql, values)) }).toMatchObject({
          scanned: [],
          discarded: 0,
        });
      }
    });

    it('looks for the dead without looking at the living, and in bounded steps', async () => {
      recorder.seen = [];
      expect(await app.app.get(CleanupService).run()).toMatchObject({ grants: 0 });
      const steps = recorder.seen.filter(({ sql }) => /"mcp_auth_(grants|clients|revocations)"/.test(sql));
      expect(steps.length).toBeGreaterThanOrEqual(8);
      for (const { sql, values } of steps.slice(0, 40)) {
        expect(values.length).toBeLessThanOrEqual(1001);
        if (!/^select/i.test(sql) || /"(effective_at|revoked_at)" >=/.test(sql)) continue;
        const { scanned, discarded } = await plan(arena.source, sql, values);
        expect({ sql, scanned }).not.toMatchObject({
          scanned: expect.arrayContaining([expect.stringMatching(/mcp_auth_(grants|revocations)/)]),
        });
        // A client without a grant is found by looking at each, once a run.
        if (!sql.includes('"marked_at" is null')) expect({ sql, discarded }).toEqual({ sql, discarded: 0 });
      }
    }, 120_000);

    it(`removes ${dead} dead grants while everybody goes on refreshing`, async () => {
      await seedDead(arena.source, clients, dead);
      let isCleaning = true;
      const load = refreshUntil(arena, () => !isCleaning);
      const startedAt = performance.now();
      const removed = arena.instances[0]!.command({ name: 'cleanup' }).finally(() => (isCleaning = false));
      expect(await removed).toMatchObject({ grants: dead });
      const seconds = (performance.now() - startedAt) / 1000;
      const latencies = await load;
      expect(latencies.length).toBeGreaterThan(10);
      const [rows] = await arena.sql(
        "select count(*) as left from mcp_auth_grants where user_id like 'user-%'",
      );
      expect(Number(rows?.left)).toBe(living + living / 100);
      console.info(
        `Cleanup of ${dead} grants: ${seconds.toFixed(1)} s; meanwhile ${latencies.length} refreshes, ${percentiles(latencies)}`,
      );
    }, 1_800_000);
  });
}
