import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module';
import { configureApp } from '../../src/configure-app';
import { seedUsers } from '../../src/seed-users';
import { UsersService } from '../../src/users/users.service';

/** The application as main.ts makes it, with its tables and two users. */
export async function createApp(): Promise<NestExpressApplication> {
  const moduleRef = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const app = moduleRef.createNestApplication<NestExpressApplication>();
  configureApp(app);
  await app.get(DataSource).runMigrations();
  await app.init();
  await seedUsers(app.get(UsersService));
  return app;
}
