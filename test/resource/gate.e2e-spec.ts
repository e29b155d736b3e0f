import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { McpAuthGuard, McpPublic, McpUser } from '../../lib/index.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { Flow } from '../support/flow.js';
import { rawRequest, statusOf } from '../support/raw-request.js';

@Controller('mcp/api')
class DocsController {
  @Get('docs')
  @McpPublic()
  docs(): string {
    return 'open to all';
  }
}

@Controller()
class ElsewhereController {
  @Get('guarded')
  @UseGuards(McpAuthGuard)
  guarded(@McpUser('userId') userId: string): string {
    return `guarded for ${userId}`;
  }

  @Get('open')
  open(): string {
    return 'not protected';
  }

  @Get(':first/:second/:third')
  anything(@Param('third') third: string): string {
    return `leaked ${third}`;
  }
}

const SPELLINGS = [
  '/mcp/api/secret',
  '/MCP/Api/secret',
  '/mcp/api/',
  '/mcp/api',
  '//mcp/api/secret',
  '/mcp//api/secret',
  '/./mcp/api/secret',
  '/mcp/./api/secret',
  '/x/../mcp/api/secret',
  '/mcp/x/../api/secret',
  '/mcp/api/secret/../../..',
  '/%6dcp/api/secret',
  '/mcp/%61pi/secret',
  '/mcp%2fapi/secret',
  '/mcp%2Fapi%2Fsecret',
  '/mcp%252fapi/secret',
  '/%256dcp/api/secret',
  '/mcp/api%2fsecret',
  '/mcp/api;x=1/secret',
  '/mcp;x/api/secret',
  '/mcp%5capi/secret',
  '/mcp/%2e/api/secret',
  '/x/%2e%2e/mcp/api/secret',
  '/mcp/api?x=1',
  '/mcp/api/nothing-is-here',
  'http://localhost/mcp/api/secret',
  'http://elsewhere.example/mcp/api/secret',
];

describe.each(ADAPTERS)('the MCP path on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;
  let accessToken: string;

  beforeAll(async () => {
    server = await startApp({
      adapter,
      controllers: [DocsController, ElsewhereController],
      prepare: (app: INestApplication) => {
        app.use('/mcp/api/mounted', (_request: unknown, response: { end(text: string): void }) =>
          response.end('mounted'),
        );
      },
    });
    flow = new Flow(server.url);
    ({ accessToken } = await flow.tokens());
  });
  afterAll(() => server.close());

  it.each(SPELLINGS)('is not reached without a token as %s', async (target) => {
    const answer = await rawRequest(server.url, 'GET', target);
    expect(statusOf(answer)).toBe(401);
    expect(answer).toMatch(/www-authenticate: Bearer /i);
    expect(answer).not.toContain('leaked');
  });

  it('is not reached by a path that cannot be decoded', async () => {
    // Fastify refuses it before any hook runs.
    const answer = await rawRequest(server.url, 'GET', '/mcp/api/secret%zz');
    expect(statusOf(answer)).toBe(adapter === 'fastify' ? 400 : 401);
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'answers %s with 401 before any 404 or 405, also where something is mounted',
    async (method) => {
      for (const path of ['/mcp/api/whoami', '/mcp/api/nothing', '/mcp/api/mounted']) {
        expect(statusOf(await rawRequest(server.url, method, path))).toBe(401);
      }
    },
  );

  it('answers a true preflight itself', async () => {
    const preflight = 'Origin: https://app.example\r\nAccess-Control-Request-Method: POST\r\n';
    const answer = await rawRequest(server.url, 'OPTIONS', '/mcp/api/mounted', preflight);
    expect(statusOf(answer)).toBe(204);
    expect(answer).toMatch(/access-control-allow-headers: .*MCP-Protocol-Version/i);
    expect(answer).not.toContain('mounted');
  });

  it('lets a token through to controllers and to mounted handlers', async () => {
    expect((await flow.call(accessToken)).status).toBe(200);
    expect(await (await flow.call(accessToken, '/mcp/api/mounted')).text()).toBe('mounted');
  });

  it('leaves the rest of the application alone', async () => {
    expect(await (await flow.call(undefined, '/open')).text()).toBe('not protected');
    expect(await (await flow.call(undefined, '/a/b/c')).text()).toBe('leaked c');
    expect((await flow.call(undefined, '/mcp/apis/x')).status).toBe(200);
  });

  it('opens a public route, and only that one', async () => {
    expect(await (await flow.call(undefined, '/mcp/api/docs')).text()).toBe('open to all');
    expect((await flow.call(undefined, '/mcp/api/docs', { method: 'POST' })).status).toBe(401);
    expect(statusOf(await rawRequest(server.url, 'GET', '/mcp/api/x/../docs'))).toBe(401);
  });

  it('guards a route elsewhere with @UseGuards', async () => {
    expect((await flow.call(undefined, '/guarded')).status).toBe(401);
    expect(await (await flow.call(accessToken, '/guarded')).text()).toBe('guarded for alice');
  });

  it('answers a missing scope with 403 that names it', async () => {
    const { accessToken: readOnly } = await flow.tokens('alice', { scope: 'mcp:read' });
    const response = await flow.call(readOnly, '/mcp/api/notes', { method: 'POST' });
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_scope", .*scope="mcp:write", resource_metadata="http/,
    );
    expect((await flow.call(accessToken, '/mcp/api/notes', { method: 'POST' })).status).toBe(201);
  });

  it('refuses tokens in the query, twice, of another kind or made by somebody else', async () => {
    expect((await fetch(`${server.url}/mcp/api/whoami?access_token=${accessToken}`)).status).toBe(400);
    const twice = `Authorization: Bearer ${accessToken}\r\nAuthorization: Bearer ${accessToken}\r\n`;
    expect(statusOf(await rawRequest(server.url, 'GET', '/mcp/api/whoami', twice))).toBe(400);
    expect(
      (await fetch(`${server.url}/mcp/api/whoami`, { headers: { authorization: 'Basic eDp5' } })).status,
    ).toBe(400);

    const [head = '', body = '', mac = ''] = accessToken.split('.');
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    const signed = (altered: object): string => {
      const input = `${encode({ ...header, ...altered })}.${body}`;
      return `${input}.${createHmac('sha256', 'guess').update(input).digest('base64url')}`;
    };
    const forged = [
      `${encode({ ...header, alg: 'none' })}.${body}.`,
      `${head}.${encode({ ...claims, sub: 'root' })}.${mac}`,
      signed({}),
      signed({ kid: '../../etc/passwd' }),
      signed({ jwk: { kty: 'oct', k: 'Z3Vlc3M' } }),
      signed({ crit: ['b64'], b64: false }),
      'garbage',
    ];
    for (const token of forged) {
      const response = await flow.call(token);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
  });

  it('takes no Host header into what it emits', async () => {
    const answer = await rawRequest(server.url, 'GET', '/mcp/api', 'X-Forwarded-Host: evil.example\r\n');
    expect(answer).toContain(
      `resource_metadata="${server.url}/.well-known/oauth-protected-resource/mcp/api"`,
    );
  });
});
