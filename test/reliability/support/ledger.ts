import { expect } from '@jest/globals';
import { createPkce, type Flow, type RegisteredClient } from '../../support/flow.js';
import { consentForm } from './errand.js';
import type { Arena } from './arena.js';

/** A grant as its client knows it: what it was told with 200. */
export interface KnownGrant {
  client: RegisteredClient;
  /** From the first to the newest. */
  refreshTokens: string[];
  accessTokens: string[];
  /** Ended one by one; the grant lives on. */
  revokedAccessTokens: string[];
  isRevoked: boolean;
}

/** Everything that clients were told, kept to be held against the server afterwards. */
export class Ledger {
  readonly clients: RegisteredClient[] = [];
  readonly grants: KnownGrant[] = [];
  /** Answers with 200, by code. */
  readonly redemptions = new Map<string, number>();
  requests = 0;
  /** Requests that got no answer, or 503. */
  lost = 0;
  /** Codes that were refused after an answer had been lost. */
  lostCodes = 0;

  /** Access tokens that nobody has revoked, and whose grants nobody has. */
  get livingAccessTokens(): string[] {
    return this.grants
      .filter(({ isRevoked }) => !isRevoked)
      .flatMap(({ accessTokens, revokedAccessTokens }) =>
        accessTokens.filter((token) => !revokedAccessTokens.includes(token)),
      );
  }

  /** Looks at every answer again: all of it still holds, on every instance. */
  async verify(arena: Arena): Promise<void> {
    for (const count of this.redemptions.values()) expect(count).toBe(1);
    await inParallel(this.clients, async (client, index) => {
      const flow = arena.flow(index % arena.flows.length);
      await expect(consentForm(flow, client, createPkce())).resolves.toBeDefined();
    });
    await inParallel(this.grants, (grant) =>
      grant.isRevoked ? this.expectDead(arena, grant) : this.expectAlive(arena, grant),
    );
  }

  private async expectAlive(arena: Arena, grant: KnownGrant): Promise<void> {
    for (const token of grant.accessTokens) {
      const dead = grant.revokedAccessTokens.includes(token);
      expect(await arena.statuses(token)).toEqual(arena.flows.map(() => (dead ? 401 : 200)));
    }
    let newest = String(grant.refreshTokens.at(-1));
    for (const flow of arena.flows) newest = await successor(flow, grant.client, newest);
    // Whoever comes with an old one now is not the client.
    const [first = ''] = grant.refreshTokens;
    expect((await arena.flow().refresh(grant.client, first)).body.error).toBe('invalid_grant');
    expect((await arena.flow().refresh(grant.client, newest)).body.error).toBe('invalid_grant');
  }

  private async expectDead(arena: Arena, grant: KnownGrant): Promise<void> {
    for (const token of grant.accessTokens) {
      expect(await arena.statuses(token)).toEqual(arena.flows.map(() => 401));
    }
    for (const token of grant.refreshTokens) {
      const answers = await arena.everywhere(2, (flow) => flow.refresh(grant.client, token));
      expect(answers.map(({ body }) => body.error)).toEqual(['invalid_grant', 'invalid_grant']);
    }
  }
}

async function successor(flow: Flow, client: RegisteredClient, refreshToken: string): Promise<string> {
  const answer = await flow.refresh(client, refreshToken);
  expect(answer.status).toBe(200);
  return String(answer.body.refresh_token);
}

/** Some at a time. */
async function inParallel<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const [index, item] of queue) await work(item, index);
    }),
  );
}
