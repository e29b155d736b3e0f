import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Logger as TypeOrmLogger } from 'typeorm';
import { startApp, type TestApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { createPkce, Flow, TestBrowser } from '../support/flow.js';

class StatementCounter implements TypeOrmLogger {
  seen: string[] = [];
  logQuery(query: string): void {
    if (query.includes('mcp_auth_') && !/julianday|clock_timestamp|utc_timestamp/.test(query))
      this.seen.push(query);
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

describe.each(testDatabases())('codes and refresh tokens on $name', (database) => {
  const counter = new StatementCounter();
  let server: TestApp;
  let flow: Flow;

  beforeAll(async () => {
    // Slow polls, so that only the requests' own statements are counted.
    server = await startApp({
      database,
      logger: counter,
      options: { revocationPollInterval: 60, revocationMaxStaleness: 600 },
    });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  const twenty = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 20 }, work));

  it('redeems a code once of twenty times, and kills its tokens since the others were replays', async () => {
    const { client, code, pkce } = await flow.code();
    const answers = await twenty(() => flow.redeem(client, code, pkce));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.error))).toEqual(
      new Set(['invalid_grant']),
    );
    expect((await flow.call(winners[0]?.body.access_token)).status).toBe(401);
    expect((await flow.refresh(client, String(winners[0]?.body.refresh_token))).body.error).toBe(
      'invalid_grant',
    );
  });

  it('gives twenty parallel refreshes the same successor', async () => {
    const { client, refreshToken } = await flow.tokens();
    const answers = await twenty(() => flow.refresh(client, refreshToken));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect((await flow.refresh(client, String(answers[0]?.body.refresh_token))).status).toBe(200);
  });

  it('ends the grant when a refresh token is used again after its successor, access tokens included', async () => {
    const { client, accessToken, refreshToken } = await flow.tokens();
    const second = await flow.refresh(client, refreshToken);
    const third = await flow.refresh(client, String(second.body.refresh_token));
    expect((await flow.call(third.body.access_token)).status).toBe(200);
    expect((await flow.refresh(client, refreshToken)).body.error).toBe('invalid_grant');
    for (const token of [accessToken, second.body.access_token, third.body.access_token]) {
      expect((await flow.call(token)).status).toBe(401);
    }
    expect((await flow.refresh(client, String(third.body.refresh_token))).body.error).toBe('invalid_grant');
  });

  it('burns nothing when an attempt fails', async () => {
    const { client, code, pkce } = await flow.code();
    const other = await flow.register();
    const attempts = [
      await flow.redeem(client, code, createPkce()),
      await flow.redeem(client, code, pkce, { code_verifier: undefined }),
      await flow.redeem(client, code, pkce, { redirect_uri: 'http://localhost:7777/other' }),
      await flow.redeem(client, code, pkce, { redirect_uri: undefined }),
      await flow.redeem(other, code, pkce),
      await flow.redeem(client, `${code.slice(0, -2)}AA`, pkce),
    ];
    expect(attempts.map(({ status, body }) => [status, body.error])).toEqual(
      attempts.map(() => [400, 'invalid_grant']),
    );
    const target = await flow.redeem(client, code, pkce, { resource: 'https://elsewhere.example/mcp' });
    expect(target.body.error).toBe('invalid_target');
    expect((await flow.redeem(client, code, pkce)).status).toBe(200);
  });

  it('keeps to the statement budgets', async () => {
    const spent = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
      counter.seen = [];
      const result = await work();
      return [counter.seen.length, result];
    };
    const client = await flow.register();
    const pkce = createPkce();
    const browser = new TestBrowser('alice');
    const url = flow.authorizeUrl(client, pkce);
    const [authorize] = await spent(() => browser.request(url));
    const [authorizeAndApprove, redirect] = await spent(() => flow.consent(browser, url));
    const code = String(redirect.searchParams.get('code'));
    const [redeem, tokens] = await spent(() => flow.redeem(client, code, pkce));
    const [call] = await spent(() => flow.call(tokens.body.access_token));
    const [refresh, refreshed] = await spent(() => flow.refresh(client, String(tokens.body.refresh_token)));
    const form = { token: refreshed.body.access_token, client_id: client.client_id };
    const [introspect] = await spent(() => flow.token(form, {}, '/oauth/introspect'));
    const [revoke] = await spent(() => flow.token(form, {}, '/oauth/revoke'));
    expect({ authorize, authorizeAndApprove, redeem, call, refresh }).toEqual({
      authorize: 1,
      authorizeAndApprove: 3,
      redeem: 2,
      call: 0,
      refresh: 2,
    });
    expect(introspect).toBeLessThanOrEqual(2);
    expect(revoke).toBeLessThanOrEqual(2);
  });
});
