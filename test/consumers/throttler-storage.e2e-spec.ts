import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { npmInstall, packInto, runOrFail, temporaryFolder } from '../support/workspace.js';

const REDIS_PORT = 6379;

/** Two instances that count in one storage of @nestjs/throttler; prints the statuses of five token requests in turn. */
const PROGRAM = `
require('reflect-metadata');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { ScheduleModule } = require('@nestjs/schedule');
const { ThrottlerModule, ThrottlerStorage, ThrottlerStorageService } = require('@nestjs/throttler');
const { ThrottlerStorageRedisService } = require('@nest-lab/throttler-storage-redis');
const { TypeOrmModule } = require('@nestjs/typeorm');
const { MCP_AUTH_MIGRATIONS, McpAuthModule } = require('nestjs-mcp-auth');

const shared = new ThrottlerStorageService();
const storageOf = { memory: () => shared, redis: () => new ThrottlerStorageRedisService({ port: ${REDIS_PORT} }) };

async function start() {
  class AppModule {}
  Module({
    imports: [
      ThrottlerModule.forRoot({ throttlers: [], storage: storageOf[process.argv[2]]() }),
      ScheduleModule.forRoot(),
      TypeOrmModule.forRoot({
        type: 'better-sqlite3', driver: require('libsql'), database: ':memory:',
        autoLoadEntities: true, migrations: MCP_AUTH_MIGRATIONS, migrationsRun: true,
      }),
      McpAuthModule.forRootAsync({
        inject: [ThrottlerStorage],
        useFactory: (storage) => ({
          oauthSecret: 'a-secret-of-this-test-0123456789abcdef',
          currentUser: () => null,
          loginUrl: () => '/login',
          rateLimits: { storage, token: { perClient: 3, perAddress: 30 } },
        }),
      }),
    ],
  })(AppModule);
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  return app;
}

(async () => {
  const apps = [await start(), await start()];
  const client = 'client-' + process.pid + '-' + Date.now();
  const answers = [];
  for (let request = 0; request < 5; request++) {
    const response = await fetch((await apps[request % 2].getUrl()) + '/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: client }).toString(),
    });
    answers.push([response.status, Number(response.headers.get('retry-after'))]);
  }
  console.log('ANSWERS ' + JSON.stringify(answers));
  for (const app of apps) await app.close();
})();
`;

function redisAnswers(): Promise<boolean> {
  return new Promise((answer) => {
    const socket = createConnection(REDIS_PORT, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.once('error', () => answer(false));
  });
}

describe('rate limits that are counted by the storages of @nestjs/throttler', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    folder = await temporaryFolder('throttler');
    await writeFile(join(folder.path, 'package.json'), '{ "name": "throttler", "private": true }\n');
    await writeFile(join(folder.path, 'main.cjs'), PROGRAM);
    const nest = ['common', 'core', 'platform-express', 'jwt', 'typeorm'].map((name) => `@nestjs/${name}@11`);
    await npmInstall(
      folder.path,
      await packInto(folder.path),
      ...nest,
      ...['@nestjs/schedule@6', '@nestjs/throttler@6', '@nest-lab/throttler-storage-redis@1', 'ioredis@5'],
      ...['typeorm@1', 'libsql@0.5.29', 'reflect-metadata', 'rxjs'],
    );
  });
  afterAll(() => folder.remove());

  async function answers(storage: 'memory' | 'redis'): Promise<[number, number][]> {
    const output = await runOrFail(process.execPath, ['main.cjs', storage], { cwd: folder.path });
    return JSON.parse(/ANSWERS (.*)/.exec(output)?.[1] ?? '[]') as [number, number][];
  }

  it.each(['memory', 'redis'] as const)('hold for all instances together: %s', async (storage) => {
    if (storage === 'redis' && !(await redisAnswers())) {
      console.warn('No Redis answers here: its storage was not tried.');
      return;
    }
    const all = await answers(storage);
    expect(all.map(([status]) => status)).toEqual([401, 401, 401, 429, 429]);
    for (const [, retryAfter] of all.slice(3)) {
      expect(retryAfter).toBeGreaterThan(0);
      expect(retryAfter).toBeLessThanOrEqual(60);
    }
  });
});
