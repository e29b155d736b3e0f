import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { AppModule } from './app.module.js';
import { sessions } from './users/sessions.js';

const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['warn', 'error'] });
// The proxy is the only one that speaks to an instance, so what it says of protocol and address is true.
app.set('trust proxy', 'loopback');
app.use((_request: Request, response: Response, next: NextFunction) => {
  response.setHeader('X-Served-By', process.env.INSTANCE_NAME ?? 'unnamed');
  next();
});
app.use(sessions());
app.enableShutdownHooks();
await app.listen(process.env.PORT || 3001);
