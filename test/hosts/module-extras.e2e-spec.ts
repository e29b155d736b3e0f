import { describe, expect, it } from '@jest/globals';
import { Controller, Post, UseGuards } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MCP_AUTH_ENTITIES, MCP_AUTH_MIGRATIONS, McpAuthGuard, McpScopes } from '../../lib/index.js';
import { ADAPTERS, startApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { Flow } from '../support/flow.js';

describe.each(testDatabases())('a named DataSource that lists its entities, on $name', ({ create }) => {
  it('keeps every row of the module, and the unnamed one none', async () => {
    const auth = await create();
    const server = await startApp({
      extras: { dataSourceName: 'auth' },
      imports: [
        TypeOrmModule.forRoot({
          ...auth.options,
          name: 'auth',
          entities: MCP_AUTH_ENTITIES,
          migrations: MCP_AUTH_MIGRATIONS,
          migrationsRun: true,
        } as object),
      ],
      // The tables are in the other database, so there is nothing to migrate here.
      moduleMigrations: false,
    });
    const { accessToken } = await new Flow(server.url).tokens();
    expect((await new Flow(server.url).call(accessToken)).status).toBe(200);
    await expect(server.dataSource.query('select * from mcp_auth_grants')).rejects.toThrow();
    await server.close();
    await auth.drop();
  });
});

@Controller('mcp/api/tools')
class ToolsController {
  @Post('open')
  @McpScopes('mcp:write')
  open(): string {
    return 'done';
  }

  @Post('guarded')
  @UseGuards(McpAuthGuard)
  @McpScopes('mcp:write')
  guarded(): string {
    return 'done';
  }
}

describe.each(ADAPTERS)('without the global guard on %s', (adapter) => {
  it('the MCP path still needs a token, and scopes are enforced where @UseGuards stands', async () => {
    const server = await startApp({
      adapter,
      extras: { globalGuard: false },
      controllers: [ToolsController],
    });
    const flow = new Flow(server.url);
    const post = (path: string, token?: string) => flow.call(token, path, { method: 'POST' });
    expect((await post('/mcp/api/tools/open')).status).toBe(401);
    const { accessToken } = await flow.tokens('alice', { scope: 'mcp:read' });
    expect((await post('/mcp/api/tools/guarded', accessToken)).status).toBe(403);
    expect((await post('/mcp/api/tools/open', accessToken)).status).toBe(201);
    const { accessToken: writer } = await flow.tokens();
    expect((await post('/mcp/api/tools/guarded', writer)).status).toBe(201);
    await server.close();
  });
});
