import { describe, expect, it } from '@jest/globals';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { MCP_AUTH_MIGRATIONS, McpAuthModule } from '../../lib/index.js';
import { ADAPTERS, freePort, SECRET, userOfCookie } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { Flow } from '../support/flow.js';

describe.each(ADAPTERS)('an application built by the TestingModule on %s', (adapter) => {
  it('answers like any other: providers are there before the HTTP adapter is', async () => {
    const database = await testDatabases()[0]!.create();
    const port = await freePort();
    const serverUrl = `http://localhost:${port}`;
    const module = await Test.createTestingModule({
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
        }),
      ],
    }).compile();
    const app = module.createNestApplication(
      (adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter()) as ExpressAdapter,
      { logger: false },
    );
    await app.listen(port, 'localhost');
    const flow = new Flow(serverUrl);

    // Unrouted, so that only the hook under the guard can answer, and with a body that only our own reader takes.
    expect((await flow.call(undefined, '/mcp/api/nothing')).status).toBe(401);
    const { accessToken, answer } = await flow.tokens();
    expect(answer.body.scope).toBe('mcp:read mcp:write');
    expect((await flow.call(accessToken, '/mcp/api/nothing')).status).toBe(404);
    await app.close();
    await database.drop();
  });
});
