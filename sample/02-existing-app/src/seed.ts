import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
import { seedUsers } from './seed-users';
import { UsersService } from './users/users.service';

/** `npm start` runs this; production does not. */
async function seed(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
  await seedUsers(app.get(UsersService));
  await app.close();
}

void seed();
