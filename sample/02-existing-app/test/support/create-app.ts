import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module';
import { configureApp } from '../../src/configure-app';
import { seedUsers } from '../../src/seed-users';
import { UsersService } from '../../src/users/users.service';

/** The application as main.ts makes it, on a database with its tables, two users and nothing else. */
export async function createApp(): Promise<NestExpressApplication> {
  const moduleRef = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const app = moduleRef.createNestApplication<NestExpressApplication>();
  configureApp(app);
  const dataSource = app.get(DataSource);
  // The test files have one database, in turn.
  await dataSource.dropDatabase();
  await dataSource.runMigrations();
  await app.init();
  await seedUsers(app.get(UsersService));
  return app;
}
