import 'reflect-metadata';
import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { IncomingMessage } from 'node:http';
import { DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm';
import { CleanupService, McpAuthModule, McpUser, RevocationService } from '../../../lib/index.js';
import { sqliteOptions } from '../../../sample/01-quickstart/src/database/sqlite-options.js';
import type { InstanceCommand, InstanceReply, InstanceSettings } from './instance-protocol.js';

const settings = JSON.parse(process.env.INSTANCE_SETTINGS ?? '{}') as InstanceSettings;

// Neither may ever happen: the tests look for this word in the output.
process.on('unhandledRejection', (reason) => console.error('UNHANDLED', reason));
process.on('uncaughtException', (error) => console.error('UNHANDLED', error));

function dataSourceOptions({ database }: InstanceSettings): DataSourceOptions {
  return database.type === 'better-sqlite3' ? sqliteOptions(String(database.database)) : database;
}

/** Signed in is whoever the cookie `test_user` names. */
function currentUser(request: IncomingMessage): string | undefined {
  return /(?:^|; )test_user=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
}

@Controller('mcp/api')
class McpController {
  @Get('whoami')
  whoami(@McpUser('userId') userId: string): object {
    return { userId };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      ...dataSourceOptions(settings),
      autoLoadEntities: true,
      retryAttempts: 2,
      retryDelay: 200,
    } as object),
    ScheduleModule.forRoot(),
    McpAuthModule.forRoot({
      serverUrl: settings.serverUrl,
      oauthSecret: 'the-secret-that-all-instances-share-0123456789',
      currentUser,
      loginUrl: () => '/login',
      // The tests are a flood.
      rateLimits: { enabled: false },
      ...settings.options,
    }),
  ],
  controllers: [McpController],
})
class InstanceModule {}

async function start(): Promise<INestApplication> {
  try {
    const application = await NestFactory.create(InstanceModule, new ExpressAdapter(), {
      abortOnError: false,
    });
    application.enableShutdownHooks();
    await application.listen(settings.port, '127.0.0.1');
    return application;
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

const app = await start();
const held: QueryRunner[] = [];

/** Takes connections from the pool, as a transaction of the application does. */
async function hold(connections: number): Promise<void> {
  for (let count = 0; count < connections; count++) {
    const runner = app.get(DataSource).createQueryRunner();
    await runner.connect();
    held.push(runner);
  }
}

async function letGo(): Promise<void> {
  for (const runner of held.splice(0)) await runner.release();
}

function carryOut(command: InstanceCommand): Promise<unknown> {
  switch (command.name) {
    case 'cleanup':
      return app.get(CleanupService).run();
    case 'revokeUser':
      return app.get(RevocationService).revokeUser(command.userId);
    case 'setClock':
      return Promise.resolve(Object.assign(globalThis, { instanceClockSkewMs: command.skewMs })).then(
        () => null,
      );
    case 'hold':
      return hold(command.connections);
    case 'letGo':
      return letGo();
    case 'sql':
      return app.get(DataSource).query(command.text);
  }
}

process.on('message', (command: InstanceCommand) => {
  const reply = (answer: Omit<InstanceReply, 'id'>): void =>
    void process.send?.({ id: command.id, ...answer });
  carryOut(command).then(
    (result) => reply({ result }),
    (error: unknown) => reply({ error: String(error) }),
  );
});
// Nothing outlives the test that started it.
process.on('disconnect', () => process.exit());
process.send?.('ready');
