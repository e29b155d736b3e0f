import { VersioningType, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { isMcpAuthRequest } from 'nestjs-mcp-auth';
import { equipExpress } from './edge/express.js';
import { equipFastify } from './edge/fastify.js';
import { HostModule } from './host.module.js';
import type { HostSettings } from './settings.js';

/** An application with everything that real ones have, at once: what its main.ts would do. */
export async function createHost(settings: HostSettings): Promise<INestApplication> {
  const options = { logger: ['fatal' as const], abortOnError: false };
  const module = HostModule.with(settings);
  if (settings.adapter === 'fastify') {
    const adapter = new FastifyAdapter({ bodyLimit: 10 * 1024 });
    const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
    configure(app);
    await equipFastify(app);
    return app;
  }
  const app = await NestFactory.create<NestExpressApplication>(module, new ExpressAdapter(), options);
  configure(app);
  equipExpress(app);
  return app;
}

function configure(app: INestApplication): void {
  app.setGlobalPrefix('api', { exclude: ['login'] });
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.enableCors({ origin: 'https://app.example', credentials: true });
  protectAgainstForeignOrigins(app);
}

/** What Nest 12 brings. */
function protectAgainstForeignOrigins(app: INestApplication): void {
  const { enableCsrfProtection } = app as {
    enableCsrfProtection?(options: { exclude(request: unknown): boolean }): void;
  };
  enableCsrfProtection?.call(app, { exclude: isMcpAuthRequest });
}
