import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { createPkce, Flow, TestBrowser } from '../support/flow.js';
import { rawRequest, statusOf } from '../support/raw-request.js';

const FORM = 'application/x-www-form-urlencoded';
const MACHINE = ['token', 'register', 'revoke', 'introspect'].map((name) => `/oauth/${name}`);

const INJECTIONS = [
  '%00',
  'a%00b',
  "'%20or%20'1'='1",
  '1;drop%20table%20mcp_auth_clients--',
  '%ff%fe',
  '%c3%28',
  '%ed%a0%80',
  '%f5%80%80%80',
  '%',
  '%u0041',
  '__proto__',
  'constructor',
  '%F0%9F%92%A5',
  'a'.repeat(30_000),
];

describe.each(ADAPTERS)('requests on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;
  let isBroken = false;

  beforeAll(async () => {
    server = await startApp({
      adapter,
      options: {
        fetchUserData: (userId) => {
          if (isBroken) throw new Error('select secret from vault where key = "a-secret-of-the-application"');
          return { email: `${userId}@example.com` };
        },
      },
    });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}${path}`, { method: 'POST', headers, body: Buffer.from(body, 'latin1') });
  const expectError = async (response: Response, statuses: number[]): Promise<void> => {
    expect(statuses).toContain(response.status);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      error: expect.any(String),
      error_description: expect.any(String),
    });
  };

  it.each(INJECTIONS.map((text) => [text.length > 40 ? 'very long text' : text, text]))(
    'with %s in any parameter get a 4xx of the endpoint',
    async (_, text) => {
      const grants = [
        ...['grant_type', 'code', 'redirect_uri', 'code_verifier', 'client_id', 'client_secret', 'resource'],
        ...['refresh_token', 'scope', 'token', 'token_type_hint', text],
      ];
      const base = 'token=x&grant_type=authorization_code&code=x&client_id=nobody';
      for (const name of grants) {
        for (const path of ['/oauth/token', '/oauth/revoke', '/oauth/introspect']) {
          const form = `${base.replace(new RegExp(`(^|&)${name.length > 40 ? 'none' : name}=[^&]*`), '')}&${name}=${text}`;
          await expectError(await post(path, form, { 'content-type': FORM }), [400, 401]);
        }
        const page = await post('/oauth/authorize', `client_id=nobody&${name}=${text}`, {
          'content-type': FORM,
        });
        expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
      }
      const basic = { authorization: `Basic ${Buffer.from(`${text}:${text}`).toString('base64')}` };
      if (text.length < 10_000) {
        await expectError(
          await post('/oauth/token', 'grant_type=refresh_token&refresh_token=x', {
            'content-type': FORM,
            ...basic,
          }),
          [401],
        );
      }
    },
  );

  it.each([
    ['no type', undefined, 'grant_type=x'],
    ['an empty type', '', 'grant_type=x'],
    ['half a type', 'application/', 'grant_type=x'],
    ['no type at all', ';;;', 'grant_type=x'],
    ['another type', 'text/plain', 'grant_type=x'],
    ['a multipart type without boundary', 'multipart/form-data', 'grant_type=x'],
    ['a very long type', `a/${'b'.repeat(5000)}`, 'grant_type=x'],
    ['an unknown charset', `${FORM}; charset=nonsense`, 'grant_type=x'],
    ['UTF-16', `${FORM}; charset=utf-16`, '\xff\xfeg\0'],
    ['broken UTF-8', FORM, 'grant_type=\xff\xfe'],
    ['half of a JSON object', 'application/json', '{"grant_type":'],
    ['a JSON array', 'application/json', '["grant_type"]'],
    ['a JSON string', 'application/json', '"x"'],
    ['deep JSON', 'application/json', '['.repeat(60_000)],
    ['nothing as JSON', 'application/json', ''],
    ['nothing as a form', FORM, ''],
    ['XML', 'text/xml', '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'],
  ])('with a body of %s get a 4xx of the endpoint', async (_, type, body) => {
    for (const path of MACHINE) {
      const lines = type === undefined ? '' : `Content-Type: ${type}\r\n`;
      const answer = await rawRequest(
        server.url,
        'POST',
        path,
        `${lines}Content-Length: ${body.length}\r\n`,
        body,
      );
      expect([400, 401]).toContain(statusOf(answer));
      expect(answer).toMatch(/\{"error":"[a-z_]+","error_description":"[^"]+"\}/);
    }
  });

  it.each(['gzip', 'br', 'deflate', 'compress', 'x', 'gzip, gzip'])(
    'are never unpacked: %s',
    async (encoding) => {
      for (const path of MACHINE) {
        const headers = { 'content-type': FORM, 'content-encoding': encoding };
        await expectError(await post(path, 'x'.repeat(100), headers), [400]);
      }
    },
  );

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])('by %s get a 405 and have no effect', async (method) => {
    const { client, code, pkce } = await flow.code();
    const fields = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'http://localhost:7777/callback',
      code_verifier: pkce.verifier,
      client_id: client.client_id,
      token: code,
    };
    const body = new URLSearchParams(fields).toString();
    for (const path of MACHINE) {
      for (const [type, text] of [
        [FORM, body],
        ['application/json', JSON.stringify(fields)],
        ['application/json', '{'],
        ['x', 'x'.repeat(200_000)],
      ]) {
        const lines = `Content-Type: ${type}\r\nContent-Length: ${text?.length}\r\nX-HTTP-Method-Override: POST\r\n`;
        const answer = await rawRequest(server.url, method, path, lines, text);
        expect([path, type, statusOf(answer)]).toEqual([path, type, 405]);
        expect(answer).toMatch(/\r\nAllow: POST\r\n/i);
        expect(answer).toMatch(/\r\nCache-Control: no-store\r\n/i);
      }
      const inUrl = await rawRequest(server.url, method, `${path}?${body}`);
      expect(statusOf(inUrl)).toBe(405);
    }
    expect((await flow.redeem(client, code, pkce)).status).toBe(200);
  });

  it('are not repeated by the answer: no token, secret or verifier comes back', async () => {
    const secret = 'a-secret-that-went-astray-0123456789abcdefghij';
    const fields = [
      'grant_type',
      'code',
      'redirect_uri',
      'code_verifier',
      'client_id',
      'client_secret',
      'token',
      'scope',
      'resource',
      secret,
    ];
    for (const path of MACHINE.filter((name) => name !== '/oauth/register')) {
      for (const name of fields) {
        for (const form of [
          `grant_type=refresh_token&client_id=x&${name}=${secret}`,
          `${name}=${secret}&${name}=${secret}`,
        ]) {
          const answer = await post(path, form, { 'content-type': FORM });
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect([...answer.headers].flat().join() + (await answer.text())).not.toContain(secret);
        }
      }
    }
    const unknown = await flow.call(secret);
    expect([...unknown.headers].flat().join() + (await unknown.text())).not.toContain(secret);
  });

  it('that the application breaks on are answered without its words', async () => {
    const { client, code, pkce } = await flow.code();
    isBroken = true;
    const answer = await flow.redeem(client, code, pkce);
    const page = await new TestBrowser('alice').request(`${server.url}/.well-known/nothing/here`);
    isBroken = false;
    expect([answer.status, answer.body]).toEqual([
      500,
      { error: 'server_error', error_description: 'The server met an unexpected condition' },
    ]);
    expect(page.status).toBe(404);
    // Nothing was spent.
    expect((await flow.redeem(client, code, pkce)).status).toBe(200);
  });

  it('are answered in full, whatever copy the client claims to have: nobody may keep one', async () => {
    const client = await flow.register();
    const { pathname, search } = new URL(flow.authorizeUrl(client, createPkce()));
    const documents = ['oauth-authorization-server', 'oauth-protected-resource', 'jwks.json'];
    for (const target of [`${pathname}${search}`, ...documents.map((name) => `/.well-known/${name}`)]) {
      for (const condition of ['If-None-Match: *', `If-Modified-Since: ${new Date().toUTCString()}`]) {
        const answer = await rawRequest(
          server.url,
          'GET',
          target,
          `Cookie: test_user=alice\r\n${condition}\r\n`,
        );
        expect([target, condition, statusOf(answer)]).toEqual([target, condition, 200]);
      }
    }
  });

  it('that lead away from here take no referrer along', async () => {
    const client = await flow.register();
    const url = flow.authorizeUrl(client, createPkce());
    for (const [browser, target] of [
      [new TestBrowser(), url],
      [new TestBrowser('alice'), `${url}&prompt=none`],
    ] as const) {
      const response = await browser.request(target);
      expect([response.status, response.headers.get('referrer-policy')]).toEqual([303, 'no-referrer']);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});
