import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Header, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuthorizationFlowError, McpAuthTester, type TestBrowser } from '../../lib/testing/index.js';
import { ADAPTERS, startApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { Flow } from '../support/flow.js';

/** A login as applications have it: a token against cross-site requests, and a session cookie. */
@Controller('login')
class LoginController {
  constructor(private readonly host: HttpAdapterHost) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(@Query('returnTo') returnTo = ''): string {
    const escaped = returnTo.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    return (
      '<form method=get><input name=q></form>' +
      `<form METHOD='POST' action="/login?x=1"><input value="${escaped}" type="hidden" name="returnTo">` +
      "<input name='csrf' type=hidden value='it&#39;s &lt;ours&gt;'><input name=username><input name=password type=password>" +
      '<button>Go</button></form>'
    );
  }

  @Post()
  signIn(
    @Body() { username, password, csrf, returnTo }: Record<string, string>,
    @Req() { headers }: IncomingMessage,
    @Res() response: unknown,
  ): void {
    const { httpAdapter } = this.host;
    const isSameOrigin = headers.origin !== undefined && new URL(headers.origin).host === headers.host;
    if (!isSameOrigin || csrf !== "it's <ours>" || password !== 'wonderland') {
      httpAdapter.reply(response, 'Wrong', 403);
      return;
    }
    httpAdapter.setHeader(response, 'Set-Cookie', `test_user=${username}; Path=/; HttpOnly`);
    httpAdapter.redirect(response, 303, returnTo ?? '/');
  }

  @Post('json')
  @HttpCode(200)
  signInByJson(
    @Body() { username }: { username: string },
    @Res({ passthrough: true }) response: unknown,
  ): object {
    this.host.httpAdapter.setHeader(response, 'Set-Cookie', `test_user=${username}; Path=/`);
    return { signedIn: true };
  }
}

async function signIn(browser: TestBrowser, loginUrl: string): Promise<void> {
  const answer = await browser.submitForm(loginUrl, { username: 'alice', password: 'wonderland' });
  if (answer.status !== 303) throw new Error(`login: ${answer.status} ${await answer.text()}`);
}

const asAlice = (browser: TestBrowser): void => browser.setCookie('test_user', 'alice');

let server: TestApp;
async function start(setup: TestAppOptions = {}): Promise<McpAuthTester> {
  server = await startApp({ controllers: [LoginController], ...setup });
  return McpAuthTester.of(server.app);
}
afterEach(() => server.close());

async function failure(flow: Promise<unknown>): Promise<AuthorizationFlowError> {
  const error = await flow.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AuthorizationFlowError) return error;
  throw new Error(`Expected an AuthorizationFlowError, got ${String(error)}`);
}

const combinations = ADAPTERS.flatMap((adapter) =>
  testDatabases().map((database) => ({ adapter, database, name: `${adapter} and ${database.name}` })),
);

describe.each(combinations)('authorize() on $name', ({ adapter, database }) => {
  it('leads over the login of the application to tokens, a refresh and a revocation', async () => {
    const auth = await start({ adapter, database });
    const flow = new Flow(server.url);
    const logins: string[] = [];
    const session = await auth.authorize({
      signIn: (browser, loginUrl) => {
        logins.push(loginUrl);
        return signIn(browser, loginUrl);
      },
      scope: 'mcp:read mcp:write',
    });
    expect(logins).toEqual([expect.stringMatching(/^\/login\?returnTo=%2Foauth%2Fauthorize%3F/)]);
    expect(session.scope).toBe('mcp:read mcp:write');
    expect(session.expiresIn).toBe(3600);
    expect(session.client).toMatchObject({ client_name: 'Test client' });
    expect(await (await flow.call(session.accessToken)).json()).toMatchObject({ userId: 'alice' });

    const before = { access: session.accessToken, refresh: session.refreshToken };
    await session.refresh({ scope: 'mcp:read' });
    expect(session.scope).toBe('mcp:read');
    expect(session.accessToken).not.toBe(before.access);
    expect(session.refreshToken).not.toBe(before.refresh);

    await session.revoke(session.accessToken);
    expect((await flow.call(session.accessToken)).status).toBe(401);
    expect((await flow.call(before.access)).status).toBe(200);
    await session.revoke();
    expect((await flow.call(before.access)).status).toBe(401);
    expect(await failure(session.refresh())).toMatchObject({
      step: 'refresh',
      status: 400,
      error: 'invalid_grant',
    });
  });
});

describe.each(ADAPTERS)('authorize() on %s', (adapter) => {
  it('needs no application that listens: it lends it a port, also to several at once', async () => {
    const auth = await start({ adapter, listen: false });
    const http = server.app.getHttpServer() as Server;
    const sessions = await Promise.all([1, 2, 3].map(() => auth.authorize({ signIn })));
    expect(new Set(sessions.map(({ accessToken }) => accessToken)).size).toBe(3);
    expect(http.listening).toBe(false);
    await sessions[0]!.refresh();
    expect(http.listening).toBe(false);
  });

  it.each([
    ['another host', { options: { serverUrl: 'https://app.example.com' } }],
    [
      'a path',
      { options: { serverUrl: 'http://h.example:8080/tenant1' }, extras: { routePrefix: '/tenant1' } },
    ],
    [
      'a path that a proxy strips',
      { options: { serverUrl: 'https://h.example/tenant1', strippedPathPrefix: '/tenant1' } },
    ],
  ])('finds an application whose serverUrl has %s', async (_, setup) => {
    const auth = await start({ adapter, listen: false, ...setup });
    const session = await auth.authorize({ signIn: asAlice });
    await session.refresh();
    expect(session.refreshToken).toEqual(expect.any(String));
  });

  it('can say no', async () => {
    const auth = await start({ adapter });
    expect(await auth.authorize({ signIn, deny: true })).toEqual({
      error: 'access_denied',
      errorDescription: 'The user denied the request',
    });
  });

  it('can log in by JSON', async () => {
    const auth = await start({ adapter });
    const session = await auth.authorize({
      signIn: (browser) =>
        browser.request('/login/json', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username: 'bob' }),
        }),
    });
    const who = await new Flow(server.url).call(session.accessToken);
    expect(await who.json()).toMatchObject({ userId: 'bob' });
  });
});

describe('the client that authorize() is', () => {
  it('gets the scopes that the user leaves ticked', async () => {
    const auth = await start();
    const session = await auth.authorize({ signIn: asAlice, tickedScopes: [] });
    expect(session.scope).toBe('mcp:read');
  });

  it.each(['none', 'client_secret_basic', 'client_secret_post'])('can authenticate by %s', async (method) => {
    const auth = await start();
    const redirectUri = 'com.example.app:/callback?from=mcp';
    const session = await auth.authorize({
      signIn: asAlice,
      redirectUri,
      clientMetadata: { client_name: 'A client', token_endpoint_auth_method: method },
    });
    expect(session.client).toMatchObject({ client_name: 'A client', redirect_uris: [redirectUri] });
    expect(session.client.client_secret === undefined).toBe(method === 'none');
    await session.refresh();
    await session.revoke();
  });

  it('can be one that exists, from an earlier authorization or from the options', async () => {
    const client = {
      clientId: 'a client:with%odd characters',
      clientSecret: 'a secret:with%odd characters, and long',
      redirectUris: ['https://client.example/callback'],
    };
    const auth = await start({ options: { clients: [client], dynamicClientRegistration: false } });
    const session = await auth.authorize({
      signIn: asAlice,
      scope: 'mcp:read',
      client: {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: client.redirectUris,
      },
    });
    const again = await auth.authorize({ signIn: asAlice, client: session.client });
    expect(again.client.client_id).toBe(client.clientId);
    expect(again.scope).toBe('mcp:read mcp:write');
    const error = await failure(auth.authorize({ signIn: asAlice }));
    expect(error.message).toBe(
      'registration: dynamicClientRegistration is off; pass one of the configured clients as `client`',
    );
  });

  it('gets an id_token where there is OpenID Connect', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const tokenSigningPrivateKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const auth = await start({ options: { tokenSigningAlgorithm: 'ES256', tokenSigningPrivateKey } });
    const session = await auth.authorize({ signIn: asAlice, scope: 'openid mcp:read' });
    expect(session.idToken?.split('.')).toHaveLength(3);
  });

  it('copes with a consent page of the application that is written another way', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mcp-auth-consent-'));
    const consentViewPath = join(folder, 'consent.hbs');
    writeFileSync(
      consentViewPath,
      '<FORM action="{{approveUrl}}" method="POST">{{#each authorizationParams}}' +
        '<input value="{{this}}" name="{{@key}}" type="hidden" />{{/each}}' +
        '<input type="submit" name="approved" value="true"><input type="submit" name="approved" value="false"></FORM>',
    );
    try {
      const auth = await start({ options: { useCustomConsentView: true, consentViewPath } });
      expect((await auth.authorize({ signIn: asAlice })).scope).toBe('mcp:read mcp:write');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('authorize() that fails', () => {
  it.each([
    [
      'no signIn',
      {},
      'login',
      /^login: the application asks for a login at \/login\?returnTo=.*: give signIn$/,
    ],
    [
      'a signIn that does nothing',
      { signIn: () => undefined },
      'login',
      /login again after signIn\(\): currentUser saw nobody \(303 /,
    ],
    [
      'a scope ticked that is not offered',
      { signIn: asAlice, tickedScopes: ['mcp:delete'] },
      'consent',
      /mcp:delete cannot be ticked; the page offers mcp:write/,
    ],
    [
      'metadata that is not accepted',
      { clientMetadata: { redirect_uris: ['http://evil.example/'] } },
      'registration',
      /POST http.*register was refused \(400 .*invalid_redirect_uri/,
    ],
    [
      'a client that does not exist',
      { signIn: asAlice, client: { client_id: 'nobody' } },
      'authorization',
      /the consent page was not shown \(400 .*not registered/,
    ],
  ])('for %s says at which step, and what was wrong', async (_, options, step, message) => {
    const auth = await start();
    const error = await failure(auth.authorize(options));
    expect(error.step).toBe(step);
    expect(error.message).toMatch(message);
  });

  it.each([
    [{ scope: 'mcp:delete' }, 'authorization', 'invalid_scope'],
    [{ resource: 'https://h.example/' }, 'authorization', 'invalid_target'],
  ])('with %j has the error that the client was given', async (options, step, error) => {
    const auth = await start();
    expect(await failure(auth.authorize({ signIn: asAlice, ...options }))).toMatchObject({ step, error });
  });

  it('passes on what signIn throws', async () => {
    const auth = await start();
    const refused = auth.authorize({
      signIn: async (browser) => {
        const { status } = await browser.post('/login', { username: 'alice', password: 'guess' });
        throw new Error(`login: ${status}`);
      },
    });
    await expect(refused).rejects.toThrow('login: 403');
    expect((server.app.getHttpServer() as Server).listening).toBe(true);
  });

  it('lets the browser go nowhere else, and find no form that is not there', async () => {
    const auth = await start();
    const visit = (url: string) => auth.authorize({ signIn: (browser) => browser.get(url) });
    await expect(visit('https://login.example/')).rejects.toThrow(
      `https://login.example/ is not a URL of ${server.url}`,
    );
    const fill = auth.authorize({ signIn: (browser, url) => browser.submitForm(url, { pin: '1234' }) });
    await expect(fill).rejects.toThrow(/GET \/login\?.*: 200, without a form that has pin/);
  });

  it('tells of an application that was not initialised, or that has no server', async () => {
    await start();
    const { app } = server;
    const bare = { get: app.get.bind(app) } as unknown as typeof app;
    await expect(McpAuthTester.of(bare).authorize()).rejects.toThrow(
      /createNestApplication\(\), and app.init/,
    );

    const empty = (await Test.createTestingModule({}).compile()).createNestApplication();
    const mixed = Object.assign(empty, { get: app.get.bind(app) });
    const error = await failure(McpAuthTester.of(mixed).authorize());
    expect(error).toMatchObject({ step: 'discovery', status: 404 });
    expect(error.message).toContain('was app.init() called?');
  });
});
