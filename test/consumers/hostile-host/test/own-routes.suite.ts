import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AdapterName } from '../src/settings.js';
import type { HostDatabaseKind, HostDatabases } from './databases.js';
import { HostBrowser } from './host-browser.js';
import { ownRequests, type OwnRequest } from './own-requests.js';
import { SLOW, startHost, type RunningHost } from './running-host.js';

interface Answer {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  body: string;
}

/** Builds the application with and without the module, and asks both the same. */
export function describeOwnRoutes(adapter: AdapterName, kind: HostDatabaseKind): void {
  describe(`the application's own routes on ${adapter}`, () => {
    const databases: HostDatabases[] = [];
    const hosts: RunningHost[] = [];

    beforeAll(async () => {
      for (const withMcpAuth of [false, true]) {
        const created = await kind.create();
        databases.push(created);
        hosts.push(await startHost({ adapter, databases: created, withMcpAuth }));
      }
    }, SLOW);
    afterAll(async () => {
      for (const host of hosts) await host.close();
      for (const database of databases) await database.drop();
    }, SLOW);

    it(
      'answer, byte for byte, as they did before the module came',
      async () => {
        const requests = ownRequests(adapter, 'enableCsrfProtection' in hosts[0]!.app);
        expect(requests.length).toBeGreaterThanOrEqual(30);
        const [before = [], after = []] = await Promise.all(hosts.map(({ url }) => answersOf(url, requests)));
        // By name, so that a difference says where it is.
        const named = (answers: Answer[]) =>
          Object.fromEntries(requests.map(({ what }, index) => [what, answers[index]]));
        expect(before.map(({ status }, index) => [requests[index]!.what, status])).toEqual(
          requests.map(({ what, status }) => [what, status]),
        );
        expect(named(after)).toEqual(named(before));
      },
      SLOW,
    );
  });
}

async function answersOf(url: string, requests: readonly OwnRequest[]): Promise<Answer[]> {
  const browser = new HostBrowser(url);
  const token = await browser.signIn();
  const csrf = await browser.csrfToken();
  const answers: Answer[] = [];
  for (const request of requests) {
    const carries = request.with ?? [];
    const response = await fetch(`${url}${request.path}`, {
      method: request.method ?? 'GET',
      headers: {
        ...(carries.includes('token') && { authorization: `Bearer ${token}` }),
        ...(carries.includes('session') && { cookie: browser.cookieHeader, 'x-csrf-token': csrf }),
        ...request.headers,
      },
      ...(request.body ? { body: request.body } : {}),
    });
    answers.push(await toAnswer(response, request.random === true));
  }
  return answers;
}

async function toAnswer(response: Response, isRandom: boolean): Promise<Answer> {
  const headers = Object.fromEntries(response.headers);
  const volatile = ['date', 'set-cookie', ...(isRandom ? ['etag'] : [])];
  for (const name of volatile) delete headers[name];
  const body = await response.text();
  return {
    status: response.status,
    headers,
    cookies: response.headers
      .getSetCookie()
      .map((cookie) => cookie.replace(/=[^;]*/, '=').replace(/Expires=[^;]*/i, 'Expires=')),
    body: isRandom ? body.replace(/"token":"[^"]+"/, '"token":""') : body,
  };
}
