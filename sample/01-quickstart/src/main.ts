import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { serverUrl } from './server-url.js';

const adapter =
  process.env.ADAPTER === 'fastify'
    ? new (await import('@nestjs/platform-fastify')).FastifyAdapter()
    : new (await import('@nestjs/platform-express')).ExpressAdapter();
const app = await NestFactory.create<NestExpressApplication>(AppModule, adapter as never, {
  logger: ['warn', 'error', 'log'],
});
app.enableShutdownHooks([], { useProcessExit: true });
await app.listen(Number(process.env.PORT || 3000));

console.log(`
  The MCP server is at ${serverUrl()}/mcp/api

  Next: in another terminal, run   npm run client
        and sign in as alice (wonderland) or bob (builder).
        Or point any MCP client at the URL above.
`);
