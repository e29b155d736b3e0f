import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { mcp } from './mcp/mcp-server.js';
import { sessions } from './users/sessions.js';

/** What main.ts and the tests have in common. */
export async function createApp(): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['warn', 'error'] });
  app.use(sessions());
  app.connectMicroservice({ strategy: mcp });
  await app.startAllMicroservices();
  return app;
}
