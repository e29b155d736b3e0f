import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabases } from '../support/databases.js';
import { expectAllDone, expectAllPutOff, expectUnavailable, type Errands } from './support/errand.js';
import type { GrantRow } from './support/grant-row.js';
import { Troubled } from './support/troubled.js';

const servers = testDatabases().filter(({ name }) => name !== 'sqlite');

describe.each(servers)('an instance whose $name', (kind) => {
  let troubled: Troubled;
  let errands: Errands;

  beforeAll(async () => {
    troubled = await Troubled.start(kind);
  }, 60_000);
  beforeEach(async () => {
    errands = await troubled.errands();
  });
  afterEach(async () => {
    await troubled.proxy!.heal();
    await troubled.recovered(errands.accessToken);
    troubled.expectCleanOutput(errands);
  }, 60_000);
  afterAll(() => troubled.close(), 60_000);

  /** The guard knows for a while what it knows; then it must not answer from memory any more. */
  async function expectGuardToFailClosed(): Promise<void> {
    const answer = await troubled.guardAnswers(503, errands.accessToken);
    expectUnavailable({ status: answer.status, headers: answer.headers, text: await answer.text() });
    // Without a token it is a 401 as ever: that needs no database.
    expect((await troubled.flow.call(undefined)).status).toBe(401);
  }

  it('refuses connections puts every request off, and recovers by itself', async () => {
    await troubled.proxy!.refuse();
    await expectAllPutOff(errands);
    await expectGuardToFailClosed();
    await troubled.proxy!.heal();
    await troubled.recovered(errands.accessToken);
    await expectAllDone(errands);
  }, 60_000);

  it.each([
    ['hangs for a while', () => undefined],
    ['hangs until its connections break', () => troubled.proxy!.cut()],
  ])(
    '%s puts every request off within bounded time, and recovers by itself',
    async (_, end) => {
      troubled.proxy!.hang();
      await expectAllPutOff(errands);
      await expectGuardToFailClosed();
      end();
      await troubled.proxy!.heal();
      await troubled.recovered(errands.accessToken);
      await expectAllDone(errands);
    },
    60_000,
  );

  it('cuts connections serves on over new ones', async () => {
    troubled.proxy!.cut();
    await expectAllDone(errands);
  });

  describe('loses an answer', () => {
    const grants = (): Promise<GrantRow[]> => troubled.grantsOf(errands.client);

    it('to a refresh puts it off, and gives the same successor when it is repeated', async () => {
      troubled.proxy!.loseAnswerTo(/update .mcp_auth_grants/i);
      expectUnavailable(await errands.requests.refresh());
      expect(await grants()).toContainEqual(expect.objectContaining({ generation: 2, revokedReason: null }));
      const answers = [await errands.requests.refresh(), await errands.requests.refresh()];
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const [successor, ...others] = new Set(
        answers.map(({ text }) => (JSON.parse(text) as { refresh_token: string }).refresh_token),
      );
      expect(others).toEqual([]);
      expect((await troubled.flow.refresh(errands.client, String(successor))).status).toBe(200);
    });

    it('to an approval puts it off, and makes one grant of the form that is posted again', async () => {
      const before = (await grants()).length;
      troubled.proxy!.loseAnswerTo(/insert into .mcp_auth_grants/i);
      expectUnavailable(await errands.requests.approve());
      expect((await errands.requests.approve()).status).toBe(303);
      expect(await grants()).toHaveLength(before + 1);
    });

    it('to a redemption puts it off, and leaves nothing usable: whoever has the code next may be somebody else', async () => {
      troubled.proxy!.loseAnswerTo(/update .mcp_auth_grants/i);
      expectUnavailable(await errands.requests.redeem());
      expect(JSON.parse((await errands.requests.redeem()).text)).toMatchObject({ error: 'invalid_grant' });
      expect((await grants()).map(({ revokedReason }) => revokedReason)).toContain('code_replayed');
    });

    it('to a revocation puts it off, and says so when it is asked again', async () => {
      troubled.proxy!.loseAnswerTo(/update .mcp_auth_grants/i);
      expectUnavailable(await errands.requests.revokeRefresh());
      expect((await errands.requests.revokeRefresh()).status).toBe(200);
      expect((await grants()).map(({ revokedReason }) => revokedReason)).toContain('client_request');
    });

    it('to a reading statement reads again', async () => {
      troubled.proxy!.loseAnswerTo(/select .* from .mcp_auth_grants/i);
      expect((await errands.requests.introspect()).status).toBe(200);
    });
  });
});

describe.each(servers)('an instance that is stopped while its $name hangs', (kind) => {
  it('ends within bounded time', async () => {
    // Without a limit the driver's pool waits for its connections, and the application for its pool.
    const troubled = await Troubled.start(kind, { connectTimeoutMs: 2000 });
    const errands = await troubled.errands();
    troubled.proxy!.hang();
    await expectAllPutOff(errands);
    expect(await troubled.instance.stop()).toBe(true);
    troubled.expectCleanOutput(errands);
    await troubled.close();
  }, 60_000);
});
