import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, UseGuards, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import request from 'supertest';
import { McpAuthGuard, McpPublic, McpScopes, McpUser } from '../../lib/index.js';
import { McpAuthTester, McpAuthTestingModule } from '../../lib/testing/index.js';
import { ADAPTERS } from '../support/app.js';

@Controller('notes')
@UseGuards(McpAuthGuard)
class NotesController {
  @Get()
  list(@McpUser('userId') userId: string, @McpUser('email') email?: string): object {
    return { userId, email };
  }

  @Post()
  @McpScopes('mcp:write')
  add(@McpUser('scope') scope: string): object {
    return { scope };
  }

  @Post('report')
  @McpScopes('reports:write')
  report(): object {
    return { reported: true };
  }
}

/** Protected by where it stands. */
@Controller('tools/mcp')
class ToolsController {
  @Get('whoami')
  whoami(@McpUser('userId') userId?: string): object {
    return { userId };
  }

  @Get('docs')
  @McpPublic()
  docs(): object {
    return { open: true };
  }
}

describe.each(ADAPTERS)('a controller on its own on %s', (adapter) => {
  let app: INestApplication;

  async function start(...signedIn: Parameters<typeof McpAuthTestingModule.signedInAs>) {
    const moduleRef = await Test.createTestingModule({
      imports: [McpAuthTestingModule.signedInAs(...signedIn)],
      controllers: [NotesController, ToolsController],
    }).compile();
    app = moduleRef.createNestApplication(
      (adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter()) as ExpressAdapter,
      { logger: false },
    );
    await app.init();
    if (adapter === 'fastify')
      await (app.getHttpAdapter().getInstance() as { ready(): Promise<void> }).ready();
    return request(app.getHttpServer() as Parameters<typeof request>[0]);
  }
  afterEach(() => app.close());

  it('knows who is signed in, and may do everything', async () => {
    const agent = await start({ userId: 'alice', userData: { email: 'alice@example.com' } });
    await agent.get('/notes').expect(200, { userId: 'alice', email: 'alice@example.com' });
    await agent.post('/notes').expect(201, { scope: 'mcp:read mcp:write' });
    await agent.post('/notes/report').expect(201, { reported: true });
  });

  it('is refused what the scope does not cover', async () => {
    const agent = await start({ userId: 'alice', scope: 'mcp:read reports:write' });
    await agent.post('/notes/report').expect(201);
    const { headers } = await agent.post('/notes').expect(403);
    expect(headers['www-authenticate']).toMatch(/error="insufficient_scope".*scope="mcp:write"/);
  });

  it('is protected under the path of the MCP server, except where it is public', async () => {
    const agent = await start({ userId: 'alice' }, { mcpServerPath: '/tools/mcp' });
    await agent.get('/tools/mcp/whoami').expect(200, { userId: 'alice' });
    await agent.get('/tools/mcp/docs').set('Authorization', 'Bearer x').expect(200, { open: true });
    await agent.get('/tools/mcp/whoami').set('Authorization', 'Bearer x').expect(401);
  });

  it('is not known where nothing is protected', async () => {
    const agent = await start({ userId: 'alice' });
    await agent.get('/tools/mcp/whoami').expect(200, {});
  });

  it('takes no token, since there is no key to verify it with', async () => {
    const agent = await start({ userId: 'alice' });
    const { headers } = await agent.get('/notes').set('Authorization', 'Bearer x.y.z').expect(401);
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
    expect(() => McpAuthTester.of(app)).toThrow('McpAuthModule is not part of this application');
  });

  it("follows the application's scopes, where they are given", async () => {
    const scopes = [
      { key: 'admin', name: 'Everything', implies: ['mcp:write'] },
      { key: 'mcp:write', name: 'Write' },
    ];
    const agent = await start({ userId: 'alice', scope: 'admin' }, { scopes });
    await agent.post('/notes').expect(201, { scope: 'admin' });
    await agent.post('/notes/report').expect(403);
    expect(() => McpAuthTestingModule.signedInAs({ userId: 'alice', scope: 'root' }, { scopes })).toThrow(
      "scope 'root' is unknown: this application has admin, mcp:write",
    );
  });
});
