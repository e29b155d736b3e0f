import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { testDatabases, type TestDatabaseKind } from '../../support/databases.js';
import { Arena } from './arena.js';
import { CrashLoad } from './crash-load.js';
import type { Instance } from './instances.js';
import { Ledger } from './ledger.js';
import { OwnPostgres } from './own-postgres.js';
import { seededRandom } from './random.js';

const CLIENTS = 6;

export interface CrashLength {
  /** Processes killed in a run. */
  kills: number;
  /** How often PostgreSQL crashes in between; once more at the end. */
  databaseCrashes: number;
  seed: number;
}

async function restart(instance: Instance): Promise<void> {
  await instance.kill();
  // Whoever starts processes starts them again, for instance while the database is on its way up.
  for (;;) {
    try {
      return await instance.start();
    } catch (error) {
      if (!/ECONNREFUSED|Connection terminated|starting up|shutting down/.test(String(error))) throw error;
    }
  }
}

/** Kills processes under load, and then holds the server to everything that it had said. */
export function describeCrashes({ kills, databaseCrashes, seed }: CrashLength): void {
  let postgres: OwnPostgres;
  beforeAll(async () => {
    postgres = await OwnPostgres.start();
  }, 60_000);
  afterAll(() => postgres.stop());

  const kinds: TestDatabaseKind[] = testDatabases().map((kind) =>
    kind.name === 'postgres' ? { name: kind.name, create: () => postgres.createDatabase() } : kind,
  );

  describe.each(kinds)('two processes on $name that are killed', (kind) => {
    let arena: Arena;
    afterEach(() => arena.close());

    it(
      'have lost nothing of what they said, and spent nothing twice',
      async () => {
        const random = seededRandom(seed);
        const ledger = new Ledger();
        arena = await Arena.open(kind, { options: { refreshTokenReuseGracePeriod: 60 } });
        const load = new CrashLoad(arena, ledger, random);
        const running = load.run(CLIENTS);

        const crashes = kind.name === 'postgres' ? databaseCrashes : 0;
        for (let kill = 1; kill <= kills; kill++) {
          await Promise.race([delay(50 + random() * 500), running]);
          await restart(arena.instances[Math.floor(random() * arena.instances.length)]!);
          if (crashes > 0 && kill % Math.ceil(kills / (crashes + 1)) === 0) await postgres.crash();
        }
        load.end();
        await running;
        if (kind.name === 'postgres') await postgres.crash();

        // A running instance finds its database again; nobody has to start it.
        const [token] = ledger.livingAccessTokens;
        if (token !== undefined) expect(await arena.acceptedEverywhere(token)).toBe(true);
        await ledger.verify(arena);
        for (const { output } of arena.instances) expect(output).not.toContain('UNHANDLED');
        const revoked = ledger.grants.filter(({ isRevoked }) => isRevoked).length;
        console.info(
          `${kind.name}, seed ${seed}: ${kills} kills, ${kind.name === 'postgres' ? crashes + 1 : 0} crashes of the database, ` +
            `${ledger.requests} steps of flows, ${ledger.lost} answers lost, ${ledger.lostCodes} codes with them; ` +
            `${ledger.clients.length} clients, ${ledger.grants.length} grants, ${revoked} revoked: all of it holds`,
        );
      },
      120_000 + kills * 20_000,
    );
  });
}
