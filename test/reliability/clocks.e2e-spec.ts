import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { testDatabases } from '../support/databases.js';
import type { TokenAnswer } from '../support/flow.js';
import { Arena } from './support/arena.js';

const issuedAt = ({ body }: TokenAnswer): number => {
  const [, claims = ''] = String(body.access_token).split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iat: number }).iat * 1000;
};

/** How far an access token's `iat` is from the time that it is, in milliseconds. */
const errorOf = (answer: TokenAnswer): number => Math.abs(issuedAt(answer) - Date.now());

describe.each(testDatabases())('two instances on $name, one 30 s ahead and one 30 s behind', (kind) => {
  let arena: Arena;
  const directions: [string, number, number][] = [
    ['the one ahead and then the one behind', 0, 1],
    ['the one behind and then the one ahead', 1, 0],
  ];

  beforeAll(async () => {
    arena = await Arena.open(kind, {
      clockSkewsMs: [30_000, -30_000],
      options: { authorizationCodeLifetime: 10, refreshTokenReuseGracePeriod: 10 },
    });
  }, 60_000);
  afterAll(() => arena.close());

  describe.each(directions)('%s', (_, first, second) => {
    it('agree about what time it is in tokens, and take each other’s', async () => {
      const { answer, accessToken } = await arena.flow(first).tokens();
      expect(errorOf(answer)).toBeLessThan(5000);
      expect(await arena.statuses(accessToken)).toEqual([200, 200]);
    });

    it('agree about a code that lives for ten seconds', async () => {
      const { client, code, pkce } = await arena.flow(first).code();
      expect((await arena.flow(second).redeem(client, code, pkce)).status).toBe(200);
      const late = await arena.flow(first).code('late');
      await arena.sql(
        `update mcp_auth_grants set code_expires_at = ${Date.now() - 5000} where user_id = 'late'`,
      );
      for (const flow of arena.flows) {
        expect((await flow.redeem(late.client, late.code, late.pkce)).body.error).toBe('invalid_grant');
      }
    });

    it('agree about a grace period of ten seconds', async () => {
      const { client, refreshToken } = await arena.flow(first).tokens();
      const answers = [
        await arena.flow(first).refresh(client, refreshToken),
        await arena.flow(second).refresh(client, refreshToken),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(answers[0]!.body.refresh_token).toBe(answers[1]!.body.refresh_token);
    });

    it('agree about what was granted before a user was revoked, and what after', async () => {
      const user = `user-${first}`;
      const before = await arena.flow(first).tokens(user);
      await arena.instances[second]!.command({ name: 'revokeUser', userId: user });
      // A grant of the very millisecond of the revocation is revoked as well.
      await delay(50);
      const after = await arena.flow(first).tokens(user);
      expect(await arena.refusedEverywhere(before.accessToken)).toBe(true);
      expect(await arena.statuses(after.accessToken)).toEqual([200, 200]);
    });

    it('hear of each other’s revocations', async () => {
      const { client, accessToken, refreshToken } = await arena.flow(first).tokens();
      await arena
        .flow(first)
        .token({ token: refreshToken, client_id: client.client_id }, {}, '/oauth/revoke');
      expect(await arena.refusedEverywhere(accessToken)).toBe(true);
    });
  });
});

describe.each(['polled', 'strict'] as const)(
  'an instance whose clock jumps (revocation: %s)',
  (revocation) => {
    let arena: Arena;
    afterEach(() => arena.close());

    it('goes by the database’s again after the next look at it', async () => {
      const [sqlite] = testDatabases();
      arena = await Arena.open(sqlite!, { clockSkewsMs: [0], options: { revocation } });
      const { client, refreshToken } = await arena.flow().tokens();
      await arena.instances[0]!.command({ name: 'setClock', skewMs: 30_000 });
      const deadline = performance.now() + 10_000;
      let answer = await arena.flow().refresh(client, refreshToken);
      while (errorOf(answer) > 5000 && performance.now() < deadline) {
        await delay(100);
        answer = await arena.flow().refresh(client, String(answer.body.refresh_token));
      }
      expect(errorOf(answer)).toBeLessThan(5000);
    }, 60_000);
  },
);
