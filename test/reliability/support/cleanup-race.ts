import { expect } from '@jest/globals';
import type { RegisteredClient } from '../../support/flow.js';
import type { Arena } from './arena.js';

const LONG_AGO = Date.now() - 200 * 86_400_000;
const AT_ONCE = 5;

/** A client of long ago without a grant, marked by a cleanup of long ago: the next one deletes it, unless it is used. */
async function forgottenClient(arena: Arena): Promise<RegisteredClient> {
  const client = await arena.flow().register();
  await arena.sql(
    `update mcp_auth_clients set created_at = ${LONG_AGO}, marked_at = ${LONG_AGO} where client_id = '${client.client_id}'`,
  );
  return client;
}

/** A grant whose last token died long ago. */
async function deadGrant(
  arena: Arena,
  user: string,
): Promise<{ client: RegisteredClient; refreshToken: string }> {
  const tokens = await arena.flow().tokens(user);
  await arena.sql(
    `update mcp_auth_grants set code_expires_at = ${LONG_AGO}, code_redeemed_at = ${LONG_AGO}, refreshed_at = ${LONG_AGO}, ` +
      `refresh_expires_at = ${LONG_AGO} where user_id = '${user}'`,
  );
  return tokens;
}

const times = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => work(index)));

/** Cleanup on every instance, while clients that it is about to delete come back, and living grants are used. */
export async function cleanupAgainstEverything(arena: Arena, user: string, parallel: number): Promise<void> {
  const forgotten = await times(() => forgottenClient(arena));
  const living = await times((index) => arena.flow().tokens(`${user}-living-${index}`));
  const dead = await times((index) => deadGrant(arena, `${user}-dead-${index}`));
  const rounds = Math.max(2, Math.floor(parallel / AT_ONCE / 2));

  const cleaning = Promise.all(
    arena.instances.map(async (instance) => {
      for (let round = 0; round < rounds; round++) await instance.command({ name: 'cleanup' });
    }),
  );
  const returning = times(async (index) => {
    const flow = arena.flow(index % arena.flows.length);
    const client = forgotten[index]!;
    // A client that is deleted already has to register again; one that got as far as a consent page is safe.
    return flow.tokens(`${user}-returned-${index}`, {}, client).catch((error: unknown) => {
      expect(String(error)).toMatch(/^Error: authorize: (400 |303 \S+error=unauthorized_client)/);
      return null;
    });
  });
  const refreshing = times(async (index) => {
    let { refreshToken } = living[index]!;
    for (let round = 0; round < rounds; round++) {
      const flow = arena.flow((index + round) % arena.flows.length);
      const answer = await flow.refresh(living[index]!.client, refreshToken);
      expect(answer.status).toBe(200);
      refreshToken = String(answer.body.refresh_token);
    }
    return refreshToken;
  });
  const dying = times((index) => arena.flow().refresh(dead[index]!.client, dead[index]!.refreshToken));

  await cleaning;
  for (const answer of await dying) expect(answer.body.error).toMatch(/invalid_grant|invalid_client/);
  for (const [index, refreshToken] of (await refreshing).entries()) {
    expect((await arena.flow().refresh(living[index]!.client, refreshToken)).status).toBe(200);
  }
  for (const tokens of await returning) {
    if (!tokens) continue;
    expect(await arena.knows(tokens.client)).toBe(true);
    expect((await arena.flow().refresh(tokens.client, tokens.refreshToken)).status).toBe(200);
  }
  await arena.instances[0]?.command({ name: 'cleanup' });
  for (const index of dead.keys()) expect(await arena.grantsOf(`${user}-dead-${index}`)).toEqual([]);
}
