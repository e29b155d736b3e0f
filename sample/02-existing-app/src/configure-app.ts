import { ValidationPipe } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import passport from 'passport';
import { SessionMiddleware } from './auth/session.middleware';

/** What main.ts and the e2e tests have in common. */
export function configureApp(app: NestExpressApplication): void {
  app.setGlobalPrefix('api');
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.use(app.get(SessionMiddleware).handler);
  app.use(passport.session());
}
