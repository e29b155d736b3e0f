import { describe, expect, it } from '@jest/globals';
import { Module, type MiddlewareConsumer } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ADAPTERS, startApp } from '../support/app.js';
import { Flow } from '../support/flow.js';

type Visited = IncomingMessage & { visits?: number };

/** As a session middleware of the application: whoever did not pass it is nobody. */
function visit(request: Visited, response: ServerResponse, next: () => void): void {
  request.visits = (request.visits ?? 0) + 1;
  response.setHeader('x-visits', request.visits);
  next();
}

@Module({})
class ApplicationModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(visit).forRoutes('{*all}');
  }
}

describe.each(ADAPTERS)('middleware that a module applies to all routes on %s', (adapter) => {
  it.each(['', 'api'])(
    'runs once before the module’s endpoints and nowhere else, under the prefix "%s"',
    async (prefix) => {
      const server = await startApp({
        adapter,
        imports: [ApplicationModule],
        options: {
          mcpServerPath: `${prefix && `/${prefix}`}/mcp/api`,
          currentUser: (request: Visited & { raw?: Visited }) => (request.raw ?? request).visits && 'alice',
        },
        prepare: (app) => void (prefix && app.setGlobalPrefix(prefix)),
      });
      const visits = async (path: string) => (await fetch(`${server.url}${path}`)).headers.get('x-visits');
      for (const path of [
        '/oauth/authorize',
        '/oauth/userinfo',
        '/.well-known/oauth-authorization-server',
        '/.well-known/oauth-protected-resource/mcp/api',
      ]) {
        expect([path, await visits(path)]).toEqual([path, '1']);
      }
      if (prefix) expect(await visits('/.well-known/other')).toBeNull();
      const resource = `${server.url}${prefix && `/${prefix}`}/mcp/api`;
      const { answer } = await new Flow(server.url).tokens('anybody', { resource });
      expect(answer.status).toBe(200);
      await server.close();
    },
  );
});
