import { expect } from '@jest/globals';
import {
  createPkce,
  hiddenFields,
  optionalScopes,
  TestBrowser,
  type TokenAnswer,
} from '../../support/flow.js';
import type { Arena } from './arena.js';

/** How often each kind of answer came. */
function tally(answers: readonly TokenAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const kind = status === 200 ? 'ok' : `${status} ${body.error}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

const winnersOf = (answers: readonly TokenAnswer[]): TokenAnswer[] =>
  answers.filter(({ status }) => status === 200);

/** One winner; the losers prove a replay, so what the winner got is dead, everywhere. */
async function expectOneWinnerAndTheEnd(
  arena: Arena,
  {
    user,
    answers,
    refresh,
    reason,
  }: {
    user: string;
    answers: readonly TokenAnswer[];
    refresh: (refreshToken: string) => Promise<TokenAnswer>;
    reason: string;
  },
  generation: number,
): Promise<void> {
  expect(tally(answers)).toEqual({ ok: 1, '400 invalid_grant': answers.length - 1 });
  expect(await arena.grantsOf(user)).toMatchObject([{ redeemed: true, generation, revokedReason: reason }]);
  const [winner] = winnersOf(answers);
  expect(await arena.refusedEverywhere(String(winner?.body.access_token))).toBe(true);
  expect((await refresh(String(winner?.body.refresh_token))).body.error).toBe('invalid_grant');
}

export async function redeemAgainstRedeem(arena: Arena, user: string, parallel: number): Promise<void> {
  const { client, code, pkce } = await arena.flow().code(user);
  const answers = await arena.everywhere(parallel, (flow) => flow.redeem(client, code, pkce));
  const refresh = (token: string): Promise<TokenAnswer> => arena.flow().refresh(client, token);
  await expectOneWinnerAndTheEnd(arena, { user, answers, refresh, reason: 'code_replayed' }, 1);
}

export async function refreshAgainstRefresh(arena: Arena, user: string, parallel: number): Promise<void> {
  const { client, refreshToken } = await arena.flow().tokens(user);
  const answers = await arena.everywhere(parallel, (flow) => flow.refresh(client, refreshToken));
  expect(tally(answers)).toEqual({ ok: parallel });
  const successors = new Set(answers.map(({ body }) => body.refresh_token));
  expect(successors.size).toBe(1);
  expect(await arena.grantsOf(user)).toMatchObject([{ redeemed: true, generation: 2, revokedReason: null }]);
  const [successor] = successors;
  const next = await arena.everywhere(2, (flow) => flow.refresh(client, String(successor)));
  expect(tally(next)).toEqual({ ok: 2 });
  expect(await arena.statuses(String(next[0]?.body.access_token))).toEqual(arena.flows.map(() => 200));
}

/** With a grace period of 0. */
export async function refreshWithoutGrace(arena: Arena, user: string, parallel: number): Promise<void> {
  const { client, refreshToken } = await arena.flow().tokens(user);
  const answers = await arena.everywhere(parallel, (flow) => flow.refresh(client, refreshToken));
  const refresh = (token: string): Promise<TokenAnswer> => arena.flow().refresh(client, token);
  await expectOneWinnerAndTheEnd(arena, { user, answers, refresh, reason: 'refresh_token_replayed' }, 2);
}

export async function refreshAgainstRevoke(arena: Arena, user: string, parallel: number): Promise<void> {
  const { client, refreshToken, accessToken } = await arena.flow().tokens(user);
  let isRevoked = false;
  const tooLate: TokenAnswer[] = [];
  const refreshed: TokenAnswer[] = [];
  await arena.everywhere(parallel, async (flow, index) => {
    // Pairs of one refresh and one revocation on each instance.
    if (Math.floor(index / arena.flows.length) % 2 === 1) {
      const form = { token: refreshToken, client_id: client.client_id };
      expect((await flow.token(form, {}, '/oauth/revoke')).status).toBe(200);
      isRevoked = true;
    }
    const sentAfterRevocation = isRevoked;
    const answer = await flow.refresh(client, refreshToken);
    (sentAfterRevocation ? tooLate : refreshed).push(answer);
  });
  expect(winnersOf(tooLate)).toEqual([]);
  const winners = winnersOf(refreshed);
  expect(await arena.grantsOf(user)).toMatchObject([
    { generation: winners.length > 0 ? 2 : 1, revokedReason: 'client_request' },
  ]);
  for (const token of [refreshToken, winners[0]?.body.refresh_token ?? refreshToken]) {
    const answers = await arena.everywhere(2, (flow) => flow.refresh(client, token));
    expect(tally(answers)).toEqual({ '400 invalid_grant': 2 });
  }
  for (const token of [accessToken, ...winners.map(({ body }) => String(body.access_token))]) {
    expect(await arena.refusedEverywhere(token)).toBe(true);
  }
}

export async function approveAgainstApprove(arena: Arena, user: string, parallel: number): Promise<void> {
  const client = await arena.flow().register();
  const pkce = createPkce();
  const browser = new TestBrowser(user);
  const page = await browser.request(arena.flow().authorizeUrl(client, pkce));
  const html = await page.text();
  const fields = hiddenFields(html);
  for (const scope of optionalScopes(html)) fields.push(['scopes[]', scope]);
  fields.push(['approved', 'true']);
  const locations = await arena.everywhere(parallel, async (flow) => {
    const answer = await browser.submit(`${flow.base}/oauth/approve`, fields);
    await answer.arrayBuffer();
    return `${answer.status} ${answer.headers.get('location')}`;
  });
  expect(new Set(locations).size).toBe(1);
  expect(locations[0]).toMatch(/^303 /);
  expect(await arena.grantsOf(user)).toMatchObject([{ redeemed: false, generation: 0, revokedReason: null }]);
  const code = new URL(String(locations[0]?.slice('303 '.length))).searchParams.get('code');
  expect((await arena.flow().redeem(client, String(code), pkce)).status).toBe(200);
}
