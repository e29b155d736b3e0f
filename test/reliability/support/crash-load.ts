import { setTimeout as delay } from 'node:timers/promises';
import { createPkce, type Flow, type RegisteredClient, type TokenAnswer } from '../../support/flow.js';
import type { Arena } from './arena.js';
import { consentForm, post, type Answer } from './errand.js';
import type { KnownGrant, Ledger } from './ledger.js';

const PATIENCE_MS = 60_000;
/** Between the flows of a client: processes that start need the machine as well. */
const PAUSE_MS = 200;

/** Clients that go through whole flows and do not give up when an answer gets lost. */
export class CrashLoad {
  private isOver = false;

  constructor(
    private readonly arena: Arena,
    private readonly ledger: Ledger,
    private readonly random: () => number,
  ) {}

  async run(clients: number): Promise<void> {
    await Promise.all(
      Array.from({ length: clients }, async (_, index) => {
        while (!this.isOver) {
          await this.wholeFlow(`crash-${index}`);
          await delay(PAUSE_MS);
        }
      }),
    );
  }

  /** Lets every client finish what it has begun. */
  end(): void {
    this.isOver = true;
  }

  private async wholeFlow(user: string): Promise<void> {
    const { answer: client } = await this.persist((flow) => flow.register());
    this.ledger.clients.push(client);
    const grant = await this.authorize(client, user);
    if (!grant) return;
    this.ledger.grants.push(grant);
    for (let left = Math.floor(this.random() * 4); left > 0; left--) await this.refresh(grant);
    const fate = this.random();
    if (fate < 0.3) {
      await this.revoke(client, String(grant.refreshTokens.at(-1)));
      grant.isRevoked = true;
    } else if (fate < 0.5) {
      const token = String(grant.accessTokens.at(-1));
      await this.revoke(client, token);
      grant.revokedAccessTokens.push(token);
    }
  }

  /** Null when the code was lost with an answer. */
  private async authorize(client: RegisteredClient, user: string): Promise<KnownGrant | null> {
    const pkce = createPkce();
    const { answer: form } = await this.persist((flow) => consentForm(flow, client, pkce, user));
    const { answer: approval } = await this.persist(async (flow) => {
      const answer = await post(`${flow.base}/oauth/approve`, form.fields, form.cookie);
      return expectStatus(answer, 303);
    });
    const code = new URL(String(approval.headers.get('location'))).searchParams.get('code') ?? '';
    const { answer, attempts } = await this.persist(async (flow) =>
      settled(await flow.redeem(client, code, pkce)),
    );
    if (answer.status !== 200) {
      if (attempts === 1) throw new Error(`A code was refused: ${JSON.stringify(answer.body)}`);
      this.ledger.lostCodes++;
      return null;
    }
    this.ledger.redemptions.set(code, (this.ledger.redemptions.get(code) ?? 0) + 1);
    return {
      client,
      refreshTokens: [String(answer.body.refresh_token)],
      accessTokens: [String(answer.body.access_token)],
      revokedAccessTokens: [],
      isRevoked: false,
    };
  }

  private async refresh(grant: KnownGrant): Promise<void> {
    const token = String(grant.refreshTokens.at(-1));
    const { answer } = await this.persist(async (flow) => settled(await flow.refresh(grant.client, token)));
    // However often the answer got lost: the same client with the same token, within the grace period.
    if (answer.status !== 200) throw new Error(`A refresh was refused: ${JSON.stringify(answer.body)}`);
    grant.refreshTokens.push(String(answer.body.refresh_token));
    grant.accessTokens.push(String(answer.body.access_token));
  }

  private async revoke(client: RegisteredClient, token: string): Promise<void> {
    await this.persist(async (flow) => {
      const form = { token, client_id: client.client_id };
      return expectStatus(await flow.token(form, {}, '/oauth/revoke'), 200);
    });
  }

  /** Asks one instance after the other until one answers. */
  private async persist<T>(work: (flow: Flow) => Promise<T>): Promise<{ answer: T; attempts: number }> {
    const deadline = Date.now() + PATIENCE_MS;
    for (let attempts = 1; ; attempts++) {
      const flow = this.arena.flow(Math.floor(this.random() * this.arena.flows.length));
      this.ledger.requests++;
      try {
        return { answer: await work(flow), attempts };
      } catch (error) {
        this.ledger.lost++;
        if (!isLostAnswer(error) || Date.now() > deadline) throw error;
        await delay(50 + this.random() * 100);
      }
    }
  }
}

class UnexpectedStatus extends Error {}

function expectStatus<T extends Pick<Answer, 'status'>>(answer: T, status: number): T {
  if (answer.status !== status) throw new UnexpectedStatus(`status: ${answer.status}`);
  return answer;
}

/** Any answer but "try again". */
function settled(answer: TokenAnswer): TokenAnswer {
  if (answer.status === 503) throw new UnexpectedStatus('status: 503');
  return answer;
}

/** No connection, a connection that broke, half an answer, or 503. */
function isLostAnswer(error: unknown): boolean {
  const { message } = error as Error;
  return /fetch failed|terminated|aborted|JSON|\b\w+: 503/.test(message);
}
