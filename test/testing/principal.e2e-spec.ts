import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, UseGuards, type INestApplication } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  MCP_AUTH_MIGRATIONS,
  McpAuthGuard,
  McpAuthModule,
  McpPublic,
  McpScopes,
  McpUser,
  type McpPrincipal,
} from '../../lib/index.js';
import { McpAuthTester, withPrincipal, type TestPrincipal } from '../../lib/testing/index.js';
import { ADAPTERS, freePort, SECRET, userOfCookie, type AdapterName } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { Flow } from '../support/flow.js';

async function described(principal: McpPrincipal): Promise<object> {
  const { userId, orgId, clientId, scope } = principal;
  return { userId, orgId, clientId, scope, email: await principal.email(), key: await principal.apiKey() };
}

@Controller('mcp/api')
class ToolsController {
  @Get('whoami')
  whoami(@McpUser() principal: McpPrincipal): Promise<object> {
    return described(principal);
  }

  @Post('notes')
  @McpScopes('mcp:write')
  addNote(@McpUser('userId') userId: string): string {
    return userId;
  }

  @Get('docs')
  @McpPublic()
  @McpScopes('mcp:write')
  docs(@McpUser('userId') userId?: string): string {
    return `open to ${userId}`;
  }
}

@Controller('elsewhere')
class ElsewhereController {
  @Get('guarded')
  @UseGuards(McpAuthGuard)
  @McpScopes('mcp:read')
  guarded(@McpUser('userId') userId: string): string {
    return userId;
  }

  @Get('open')
  open(@McpUser('userId') userId?: string): string {
    return `nobody in particular: ${userId}`;
  }
}

interface Running {
  app: INestApplication;
  flow: Flow;
  close(): Promise<void>;
}

/** An application under test, on a migrated SQLite database. */
async function build(
  adapter: AdapterName,
  override: (builder: TestingModuleBuilder) => TestingModuleBuilder,
): Promise<Running> {
  const database = await testDatabases()[0]!.create();
  const port = await freePort();
  const serverUrl = `http://localhost:${port}`;
  const builder = Test.createTestingModule({
    imports: [
      TypeOrmModule.forRoot({
        ...database.options,
        autoLoadEntities: true,
        migrations: MCP_AUTH_MIGRATIONS,
        migrationsRun: true,
      } as object),
      ScheduleModule.forRoot(),
      McpAuthModule.forRoot({
        serverUrl,
        oauthSecret: SECRET,
        currentUser: userOfCookie,
        loginUrl: () => '/login',
        fetchUserData: (userId) => ({ email: `${userId}@fetched.example` }),
      }),
    ],
    controllers: [ToolsController, ElsewhereController],
  });
  const moduleRef = await override(builder).compile();
  const app = moduleRef.createNestApplication(
    (adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter()) as ExpressAdapter,
    { logger: false },
  );
  app.use('/mcp/api/mounted', (_: unknown, response: { end(text: string): void }) => response.end('mounted'));
  await app.listen(port, 'localhost');
  return {
    app,
    flow: new Flow(serverUrl),
    async close() {
      await app.close();
      await database.drop();
    },
  };
}

const PRINCIPAL: TestPrincipal = {
  userId: 'alice',
  orgId: 'acme',
  scope: 'mcp:read',
  clientId: 'the-client',
  userData: { email: 'alice@given.example', apiKeyId: 'id', apiKeySecret: 'secret' },
};

describe.each(ADAPTERS)('an application with a signed-in principal on %s', (adapter) => {
  let running: Running;
  let flow: Flow;

  beforeAll(async () => {
    running = await build(adapter, (builder) => withPrincipal(builder, PRINCIPAL));
    ({ flow } = running);
  });
  afterAll(() => running.close());

  it('takes requests without credentials for that principal', async () => {
    const response = await flow.call(undefined);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      userId: 'alice',
      orgId: 'acme',
      clientId: 'the-client',
      scope: 'mcp:read',
      email: 'alice@given.example',
      key: { id: 'id', secret: 'secret' },
    });
    expect(await (await flow.call(undefined, '/mcp/api/mounted')).text()).toBe('mounted');
    expect((await flow.call(undefined, '/mcp/api/nothing')).status).toBe(404);
  });

  it('does so on a guarded route elsewhere, and on no other', async () => {
    expect(await (await flow.call(undefined, '/elsewhere/guarded')).text()).toBe('alice');
    expect(await (await flow.call(undefined, '/elsewhere/open')).text()).toBe(
      'nobody in particular: undefined',
    );
  });

  it('still enforces scopes', async () => {
    const response = await flow.call(undefined, '/mcp/api/notes', { method: 'POST' });
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="mcp:write"/);
  });

  it('still has public routes, where the principal is known', async () => {
    expect(await (await flow.call(undefined, '/mcp/api/docs')).text()).toBe('open to alice');
  });

  it('judges a request that brings a token by that token', async () => {
    const auth = McpAuthTester.of(running.app);
    const bob = await flow.call(await auth.accessToken({ userId: 'bob' }));
    expect(await bob.json()).toMatchObject({ userId: 'bob', email: 'bob@fetched.example' });
    const expired = await flow.call(await auth.expiredToken({ userId: 'bob' }));
    expect(expired.status).toBe(401);
    expect(expired.headers.get('www-authenticate')).toContain('error="invalid_token"');
    const basic = await flow.call(undefined, undefined, { headers: { authorization: 'Basic eDp5' } });
    expect(basic.status).toBe(400);
  });

  it('leaves the OAuth endpoints as they are', async () => {
    expect((await fetch(`${flow.base}/oauth/userinfo`)).status).toBe(401);
    expect((await flow.tokens('carol')).answer.status).toBe(200);
  });
});

describe('a signed-in principal', () => {
  it('has every scope, no organization and the data that the application fetches, unless the test says more', async () => {
    const running = await build('express', (builder) => withPrincipal(builder, { userId: 7 }));
    try {
      expect(await (await running.flow.call(undefined)).json()).toEqual({
        userId: '7',
        orgId: null,
        clientId: 'test-client',
        scope: 'mcp:read mcp:write',
        email: '7@fetched.example',
      });
    } finally {
      await running.close();
    }
  });

  it.each([
    [{ userId: 'alice', scope: 'mcp:reed' }, "scope 'mcp:reed' is unknown"],
    [{ userId: 'alice', resource: 'https://h.example' }, "resource 'https://h.example' is unknown"],
  ])('stops the test module when it is %j', async (principal, message) => {
    await expect(build('express', (builder) => withPrincipal(builder, principal))).rejects.toThrow(message);
  });
});
