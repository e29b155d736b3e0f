import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CleanupService, MCP_AUTH_MIGRATIONS, McpAuthModule } from '../../lib/index.js';
import { SECRET, userOfCookie } from '../support/app.js';
import { testDatabases, type TestDatabase } from '../support/databases.js';

function moduleOn({ options }: TestDatabase) {
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        ...options,
        autoLoadEntities: true,
        migrations: MCP_AUTH_MIGRATIONS,
        migrationsRun: true,
      } as object),
      ScheduleModule.forRoot(),
      McpAuthModule.forRoot({
        serverUrl: 'http://localhost:3000',
        oauthSecret: SECRET,
        currentUser: userOfCookie,
        loginUrl: () => '/login',
      }),
    ],
  })
  class AppModule {}
  return AppModule;
}

describe('an application context without HTTP, as seeds, workers and commands have', () => {
  it('starts, and its services work', async () => {
    const database = await testDatabases()[0]!.create();
    const context = await NestFactory.createApplicationContext(moduleOn(database), { logger: false });
    expect(await context.get(CleanupService).run()).toMatchObject({ grants: 0 });
    await context.close();
    await database.drop();
  });

  it('starts from a TestingModule as well', async () => {
    const database = await testDatabases()[0]!.create();
    const module = await Test.createTestingModule({ imports: [moduleOn(database)] }).compile();
    await module.init();
    expect(await module.get(CleanupService).run()).toMatchObject({ grants: 0 });
    await module.close();
    await database.drop();
  });
});
