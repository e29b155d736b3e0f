import { expect } from '@jest/globals';
import type { Pkce } from '../../../lib/testing/pkce.js';
import {
  createPkce,
  hiddenFields,
  optionalScopes,
  REDIRECT_URI,
  TestBrowser,
  type Flow,
  type RegisteredClient,
} from '../../support/flow.js';

const PATIENCE_MS = 20_000;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** One request of every kind, prepared while all was well, each of which can be made until it has succeeded. */
export interface Errands {
  client: RegisteredClient;
  accessToken: string;
  refreshToken: string;
  /** Nothing of these may show up anywhere. */
  secrets: string[];
  requests: Record<
    | 'authorize'
    | 'approve'
    | 'redeem'
    | 'refresh'
    | 'register'
    | 'introspect'
    | 'revokeAccess'
    | 'revokeRefresh',
    () => Promise<Answer>
  >;
}

async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...init,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export function post(
  url: string,
  fields: [string, string][] | Record<string, string>,
  cookie = '',
): Promise<Answer> {
  return send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
    body: new URLSearchParams(fields).toString(),
  });
}

/** The consent page's form, filled in with approval. */
export async function consentForm(
  flow: Flow,
  client: RegisteredClient,
  pkce: Pkce,
  user = 'alice',
): Promise<{ fields: [string, string][]; cookie: string }> {
  const browser = new TestBrowser(user);
  const page = await browser.request(flow.authorizeUrl(client, pkce));
  const html = await page.text();
  if (page.status !== 200) throw new Error(`authorize: ${page.status}`);
  const fields = hiddenFields(html);
  for (const scope of optionalScopes(html)) fields.push(['scopes[]', scope]);
  return { fields: [...fields, ['approved', 'true']], cookie: browser.cookieHeader };
}

export async function prepareErrands(flow: Flow): Promise<Errands> {
  const client = await flow.register();
  const { accessToken, refreshToken } = await flow.tokens('alice', {}, client);
  const other = await flow.tokens('alice', {}, client);
  const { code, pkce } = await flow.code('alice', {}, client);
  const form = await consentForm(flow, client, createPkce());
  const at = (endpoint: string): string => `${flow.base}/oauth/${endpoint}`;
  const client_id = client.client_id;
  return {
    client,
    accessToken,
    refreshToken,
    secrets: [accessToken, refreshToken, other.accessToken, other.refreshToken, code, pkce.verifier],
    requests: {
      authorize: () =>
        send(flow.authorizeUrl(client, createPkce()), { headers: { cookie: 'test_user=alice' } }),
      approve: () => post(at('approve'), form.fields, form.cookie),
      redeem: () =>
        post(at('token'), {
          grant_type: 'authorization_code',
          code,
          redirect_uri: REDIRECT_URI,
          code_verifier: pkce.verifier,
          client_id,
        }),
      refresh: () =>
        post(at('token'), { grant_type: 'refresh_token', refresh_token: refreshToken, client_id }),
      register: () =>
        send(at('register'), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ client_name: 'Another client', redirect_uris: [REDIRECT_URI] }),
        }),
      introspect: () => post(at('introspect'), { token: other.refreshToken, client_id }),
      revokeAccess: () => post(at('revoke'), { token: other.accessToken, client_id }),
      revokeRefresh: () => post(at('revoke'), { token: other.refreshToken, client_id }),
    },
  };
}

/** 503 in the endpoint's own shape, with nothing of what is behind it. */
export function expectUnavailable(answer: Answer): void {
  expect({ status: answer.status, text: answer.text.slice(-300) }).toMatchObject({ status: 503 });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  if (answer.headers.get('content-type')?.startsWith('text/html')) {
    expect(answer.text).toContain('<code>temporarily_unavailable</code>');
    expect(answer.text.replace(/<style>.*<\/style>/s, '')).not.toMatch(
      /select|insert|update|delete|mcp_auth|postgres|mysql|mariadb|sqlite|libsql|typeorm|ECONN|statement/i,
    );
  } else {
    expect(JSON.parse(answer.text)).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'The server is busy; try again shortly',
    });
  }
}

/** Makes all the requests (or those named) at once, and expects every one of them to be put off. */
export async function expectAllPutOff(
  { requests }: Errands,
  ...names: (keyof Errands['requests'])[]
): Promise<void> {
  const chosen = names.length > 0 ? names : (Object.keys(requests) as (keyof Errands['requests'])[]);
  const answers = await Promise.all(chosen.map((name) => requests[name]()));
  answers.forEach((answer) => expectUnavailable(answer));
}

/** Makes all the requests one after the other: each succeeds as if nothing had been. */
export async function expectAllDone({ requests }: Errands): Promise<void> {
  const statuses: Record<string, number> = {};
  for (const [name, request] of Object.entries(requests)) statuses[name] = (await request()).status;
  expect(statuses).toEqual({
    authorize: 200,
    approve: 303,
    redeem: 200,
    refresh: 200,
    register: 201,
    introspect: 200,
    revokeAccess: 200,
    revokeRefresh: 200,
  });
}
