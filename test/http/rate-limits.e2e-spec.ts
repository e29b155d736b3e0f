import { afterEach, describe, expect, it } from '@jest/globals';
import type { RateLimitOptions, RateLimitRecord, RateLimitStorage } from '../../lib/index.js';
import { ADAPTERS, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { createPkce, Flow, REDIRECT_URI, TestBrowser, type RegisteredClient } from '../support/flow.js';
import { LogRecorder } from '../support/recorder.js';

const FEW = { perClient: 2, perAddress: 5 };

/** A storage that several instances share, as they would share Redis. */
class SharedStorage implements RateLimitStorage {
  readonly keys: string[] = [];
  private readonly hits = new Map<string, number>();

  increment(key: string, ttl: number, limit: number, blockDuration: number): Promise<RateLimitRecord> {
    this.keys.push(key);
    const totalHits = (this.hits.get(key) ?? 0) + 1;
    this.hits.set(key, totalHits);
    const isBlocked = totalHits > limit;
    const timeToBlockExpire = isBlocked ? blockDuration / 1000 : 0;
    return Promise.resolve({ totalHits, timeToExpire: ttl / 1000, isBlocked, timeToBlockExpire });
  }
}

describe.each(ADAPTERS)('rate limits on %s', (adapter) => {
  const servers: TestApp[] = [];

  async function limited(rateLimits: RateLimitOptions, setup: TestAppOptions = {}): Promise<Flow> {
    const server = await startApp({ adapter, ...setup, options: { rateLimits } });
    servers.push(server);
    return new Flow(server.url);
  }
  afterEach(async () => {
    for (const server of servers.splice(0).reverse()) await server.close();
  });

  const post = (flow: Flow, path: string, fields: Record<string, string>, headers = {}): Promise<Response> =>
    fetch(`${flow.base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  const token = (flow: Flow, clientId: string, headers = {}): Promise<Response> =>
    post(
      flow,
      '/oauth/token',
      { grant_type: 'refresh_token', refresh_token: 'x', client_id: clientId },
      headers,
    );
  const statuses = async (requests: (() => Promise<Response>)[]): Promise<number[]> => {
    const all: number[] = [];
    for (const request of requests) all.push((await request()).status);
    return all;
  };
  const times = <T>(count: number, request: () => T): (() => T)[] => Array<() => T>(count).fill(request);

  it.each(['token', 'revoke', 'introspect'] as const)(
    'answer %s beyond the limit with 429, Retry-After and an OAuth error',
    async (endpoint) => {
      const flow = await limited({ [endpoint]: FEW });
      const client = await flow.register();
      const request = (): Promise<Response> =>
        post(flow, `/oauth/${endpoint}`, {
          client_id: client.client_id,
          grant_type: 'refresh_token',
          token: 'x',
        });
      await request();
      await request();
      const refused = await request();
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
      expect(refused.headers.get('cache-control')).toBe('no-store');
      expect(refused.headers.get('access-control-allow-origin')).toBe('*');
      expect(await refused.json()).toEqual({
        error: 'temporarily_unavailable',
        error_description: 'Too many requests; try again later',
      });
    },
  );

  it('answer registration beyond the limit with 429', async () => {
    const flow = await limited({ register: FEW });
    const register = (redirectUri: string): Promise<Response> =>
      fetch(`${flow.base}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [redirectUri] }),
      });
    expect(await statuses(times(3, () => register('https://one.example/')))).toEqual([201, 201, 429]);
    expect((await register('https://two.example/')).status).toBe(201);
  });

  it('answer people beyond the limit with a page', async () => {
    const flow = await limited({ authorize: FEW, approve: FEW });
    const client: RegisteredClient = await flow.register();
    const browser = new TestBrowser('alice');
    const url = flow.authorizeUrl(client, createPkce());
    expect(await statuses(times(2, () => browser.request(url)))).toEqual([200, 200]);
    const page = await browser.request(url);
    expect([page.status, page.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
    expect(page.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await page.text()).toContain('Try again in a moment');
    const approve = (): Promise<Response> =>
      browser.submit(`${flow.base}/oauth/approve`, [['client_id', 'x']]);
    expect((await statuses(times(3, approve))).at(-1)).toBe(429);
  });

  it('do not let one client that runs wild lock out the others at its address', async () => {
    const flow = await limited({ token: FEW });
    expect((await statuses(times(30, () => token(flow, 'wild')))).filter((status) => status !== 429)).toEqual(
      [401, 401],
    );
    expect(await statuses([() => token(flow, 'calm'), () => token(flow, 'calm')])).toEqual([401, 401]);
  });

  it('limit an address that names ever new clients', async () => {
    const flow = await limited({ token: FEW });
    const requests = ['a', 'b', 'c', 'd', 'e', 'f'].map((client) => () => token(flow, client));
    expect(await statuses(requests)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('believe X-Forwarded-For only where the framework does', async () => {
    const from = (flow: Flow, address: string) => () => token(flow, 'client', { 'x-forwarded-for': address });
    const plain = await limited({ token: { perClient: 1, perAddress: 1 } });
    expect(await statuses([from(plain, '192.0.2.1'), from(plain, '192.0.2.2')])).toEqual([401, 429]);
    const behindProxy = await limited({ token: { perClient: 1, perAddress: 1 } }, { trustProxy: true });
    const requests = ['192.0.2.1', '192.0.2.2', '192.0.2.1', '2001:db8::1', '2001:db8::2'];
    expect(await statuses(requests.map((address) => from(behindProxy, address)))).toEqual([
      401, 401, 429, 401, 429,
    ]);
  });

  it('count for several instances in a storage that they share, which learns no names', async () => {
    const storage = new SharedStorage();
    const one = await limited({ token: FEW, storage });
    const other = await limited({ token: FEW, storage });
    const requests = [one, other, one].map((flow) => () => token(flow, 'some-client'));
    expect(await statuses(requests)).toEqual([401, 401, 429]);
    expect(storage.keys).toHaveLength(5);
    expect(storage.keys.every((key) => /^mcp-auth:token:(client|address):[\da-f]{64}$/.test(key))).toBe(true);
  });

  it('let requests through, and say so, while the storage fails or hangs', async () => {
    const log = new LogRecorder();
    const failing = await limited(
      { storage: { increment: () => Promise.reject(new Error('Redis is down')) } },
      { nestLogger: log },
    );
    expect((await token(failing, 'client')).status).toBe(401);
    expect(log.lines.join('\n')).toContain(
      'rateLimits.storage failed, so a request was not counted: Redis is down',
    );
    const hanging = await limited({ storage: { increment: () => new Promise(() => undefined) } });
    expect((await token(hanging, 'client')).status).toBe(401);
  });

  it('can be switched off', async () => {
    const flow = await limited({ token: FEW, enabled: false });
    expect(await statuses(times(4, () => token(flow, 'client')))).toEqual([401, 401, 401, 401]);
  });

  it('leave a trace in the audit log', async () => {
    const flow = await limited({ token: FEW });
    await statuses(times(3, () => token(flow, 'client')));
    expect(servers[0]?.events).toContainEqual({
      type: 'request.rate_limited',
      message: 'Too many requests to token',
      clientId: 'client',
      reason: 'client',
    });
  });
});

describe('rate limit options', () => {
  it.each([
    [
      { token: { perClient: 10, perAddress: 5 } },
      /rateLimits\.token\.perAddress is 5, less than perClient \(10\)/,
    ],
    [{ storage: {} as RateLimitStorage }, /rateLimits\.storage must have the method increment\(\)/],
    [{ token: { perClient: 0 } }, /rateLimits\.token\.perClient must not be less than 1/],
    [{ userinfo: {} } as RateLimitOptions, /rateLimits\.userinfo is not an option of McpAuthModule/],
  ])('%j stop the boot', async (rateLimits, message) => {
    await expect(startApp({ options: { rateLimits } })).rejects.toThrow(message);
  });

  it('leave the defaults open for an ordinary flow', async () => {
    const server = await startApp({ options: { rateLimits: {} } });
    try {
      const { accessToken } = await new Flow(server.url).tokens('alice', { redirect_uri: REDIRECT_URI });
      expect((await new Flow(server.url).call(accessToken)).status).toBe(200);
    } finally {
      await server.close();
    }
  });
});
