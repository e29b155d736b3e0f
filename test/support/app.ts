import {
  Controller,
  Get,
  Module,
  Post,
  type DynamicModule,
  type INestApplication,
  type LoggerService,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { DataSource, type DataSourceOptions } from 'typeorm';
import {
  MCP_AUTH_ENTITIES,
  MCP_AUTH_MIGRATIONS,
  McpAuthModule,
  McpScopes,
  McpUser,
  type AuditEvent,
  type McpAuthExtras,
  type McpAuthOptions,
  type McpPrincipal,
} from '../../lib/index.js';
import { testDatabases, type TestDatabase, type TestDatabaseKind } from './databases.js';

export const SECRET = 'an-oauth-secret-for-tests-0123456789abcdef';

export type AdapterName = 'express' | 'fastify';
export const ADAPTERS: AdapterName[] = ['express', 'fastify'];

/** A protected controller as an application would write it. */
@Controller('mcp/api')
class McpController {
  @Get('whoami')
  whoami(@McpUser() principal: McpPrincipal, @McpUser('email') email?: string): object {
    return { userId: principal.userId, orgId: principal.orgId, scope: principal.scope, email };
  }

  @Post('notes')
  @McpScopes('mcp:write')
  addNote(@McpUser('userId') userId: string): object {
    return { addedBy: userId };
  }
}

export interface TestAppOptions {
  adapter?: AdapterName;
  /** Believe X-Forwarded-For, by the framework's own setting. Default: false. */
  trustProxy?: boolean;
  database?: TestDatabaseKind;
  /** Reuse a database that another application already set up. */
  existing?: TestDatabase;
  options?: Partial<McpAuthOptions>;
  extras?: McpAuthExtras;
  controllers?: Type[];
  imports?: ModuleMetadata['imports'];
  providers?: Type[];
  /** Of the application itself, beside those of the module. */
  migrations?: Type[];
  /** Run the module's migrations on the unnamed DataSource. Default: true. */
  moduleMigrations?: boolean;
  prepare?: (app: INestApplication) => void | Promise<void>;
  /** How the options get to the module. Default: `forRootAsync` with `useFactory`. */
  register?: (options: McpAuthOptions) => DynamicModule;
  /** Listen on the port of `url`; otherwise the application is `init()`ed only. Default: true. */
  listen?: boolean;
  /** Import ScheduleModule, as the application should. Default: true. */
  schedule?: boolean;
  /** Where Nest logs to. Default: nowhere. */
  nestLogger?: LoggerService;
  /** TypeORM's logger, to count statements. */
  logger?: DataSourceOptions['logger'];
}

export interface TestApp {
  app: INestApplication;
  url: string;
  events: AuditEvent[];
  database: TestDatabase;
  dataSource: DataSource;
  close(): Promise<void>;
}

/** Signed in is whoever the cookie `test_user` names. */
export function userOfCookie(request: unknown): { id: string; name: string } | null {
  const { headers } = request as IncomingMessage;
  const id = /(?:^|; )test_user=([\w-]+)/.exec(headers.cookie ?? '')?.[1];
  return id === undefined ? null : { id, name: id };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a Nest application with the module on a real port and a real, migrated database. */
export async function startApp(setup: TestAppOptions = {}): Promise<TestApp> {
  const kind = setup.database ?? testDatabases()[0]!;
  const database = setup.existing ?? (await kind.create());
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const events: AuditEvent[] = [];

  const options: McpAuthOptions = {
    serverUrl: url,
    oauthSecret: SECRET,
    currentUser: userOfCookie,
    loginUrl: (returnTo) => `/login?returnTo=${encodeURIComponent(returnTo)}`,
    fetchUserData: (userId) =>
      userId === 'gone' ? null : { email: `${userId}@example.com`, emailVerified: true, name: userId },
    // Tests ask faster than people do.
    rateLimits: { enabled: false },
    onAuditEvent: (event) => events.push(event),
    ...setup.options,
  };
  const register =
    setup.register ??
    ((resolved) => McpAuthModule.forRootAsync({ ...setup.extras, useFactory: () => resolved }));

  @Module({
    imports: [
      TypeOrmModule.forRoot({
        ...database.options,
        autoLoadEntities: true,
        migrations: [
          ...(setup.moduleMigrations === false ? [] : MCP_AUTH_MIGRATIONS),
          ...(setup.migrations ?? []),
        ],
        migrationsRun: true,
        ...(setup.logger && { logger: setup.logger, logging: ['query'] }),
      } as object),
      ...(setup.schedule === false ? [] : [ScheduleModule.forRoot()]),
      register(options),
      ...(setup.imports ?? []),
    ],
    controllers: [McpController, ...(setup.controllers ?? [])],
    providers: setup.providers ?? [],
  })
  class TestModule {}

  const adapter =
    setup.adapter === 'fastify'
      ? new FastifyAdapter({ trustProxy: setup.trustProxy ?? false })
      : new ExpressAdapter();
  if (setup.trustProxy && adapter instanceof ExpressAdapter) adapter.set('trust proxy', true);
  const app = await NestFactory.create<INestApplication>(TestModule, adapter as ExpressAdapter, {
    logger: setup.nestLogger ?? false,
    abortOnError: false,
  });
  await setup.prepare?.(app);
  await (setup.listen === false ? app.init() : app.listen(port, 'localhost'));
  return {
    app,
    url,
    events,
    database,
    dataSource: app.get(DataSource),
    async close() {
      await app.close();
      if (!setup.existing) await database.drop();
    },
  };
}

export { MCP_AUTH_ENTITIES };
