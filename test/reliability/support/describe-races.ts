import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { testDatabases } from '../../support/databases.js';
import { Arena } from './arena.js';
import { cleanupAgainstEverything } from './cleanup-race.js';
import {
  approveAgainstApprove,
  redeemAgainstRedeem,
  refreshAgainstRefresh,
  refreshAgainstRevoke,
  refreshWithoutGrace,
} from './races.js';

/** How much to race. */
export interface RaceLength {
  rounds: number;
  /** Requests at once. */
  parallel: number;
}

type Race = (arena: Arena, user: string, parallel: number) => Promise<void>;

const RACES: [string, Race][] = [
  ['spends a code once, and ends the grant, since the losers replayed it', redeemAgainstRedeem],
  ['gives everybody who shares a refresh token the same successor', refreshAgainstRefresh],
  ['leaves nothing usable of a grant that is revoked while it is refreshed', refreshAgainstRevoke],
  ['makes one grant and one code of one consent', approveAgainstApprove],
  ['cleans up the dead and never the living', cleanupAgainstEverything],
];

const SETUPS = testDatabases().flatMap((kind) =>
  (kind.name === 'sqlite' ? [1, 2] : [2]).map((processes) => ({
    kind,
    processes,
    title: `${processes === 1 ? 'one process' : 'two processes'} on ${kind.name}`,
  })),
);

/** Every race in every setup. */
export function describeRaces({ rounds, parallel }: RaceLength): void {
  const perRace = 30_000 + rounds * 5000;

  describe.each(SETUPS)('$title', ({ kind, processes }) => {
    const clockSkewsMs = Array.from({ length: processes }, () => 0);

    async function race(arena: Arena, name: string, run: Race): Promise<void> {
      for (let round = 0; round < rounds; round++) await run(arena, `${name}-${round}`, parallel);
    }

    describe('racing', () => {
      let arena: Arena;
      beforeAll(async () => {
        arena = await Arena.open(kind, {
          clockSkewsMs,
          options: { cleanup: { enabled: false, batchSize: 2 } },
        });
      }, 60_000);
      afterAll(() => arena.close());

      it.each(RACES)('%s', (_, run) => race(arena, run.name, run), perRace);
    });

    describe('racing without a grace period', () => {
      let arena: Arena;
      beforeAll(async () => {
        arena = await Arena.open(kind, { clockSkewsMs, options: { refreshTokenReuseGracePeriod: 0 } });
      }, 60_000);
      afterAll(() => arena.close());

      it(
        'spends a refresh token once, and ends the grant, since the losers replayed it',
        () => race(arena, 'without-grace', refreshWithoutGrace),
        perRace,
      );
    });
  });
}
