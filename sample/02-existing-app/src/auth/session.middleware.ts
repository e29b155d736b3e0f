import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import connectPgSimple from 'connect-pg-simple';
import type { RequestHandler } from 'express';
import session from 'express-session';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { appUrl } from '../app-url';

declare module 'express-session' {
  interface SessionData {
    /** Seconds since the epoch. */
    signedInAt?: number;
  }
}

/** Sessions in PostgreSQL, over the connections that TypeORM has. */
@Injectable()
export class SessionMiddleware {
  readonly handler: RequestHandler;

  constructor(config: ConfigService, dataSource: DataSource) {
    const isHttps = appUrl(config).startsWith('https:');
    const PostgresStore = connectPgSimple(session);
    this.handler = session({
      name: 'sid',
      secret: sessionSecret(config),
      store: new PostgresStore({
        pool: (dataSource.driver as PostgresDriver).master as Pool,
        tableName: 'sessions',
        pruneSessionInterval: false,
      }),
      resave: false,
      saveUninitialized: false,
      // A proxy ends TLS; it says so in X-Forwarded-Proto.
      proxy: isHttps,
      // Lax: another site's forms do not bring this cookie along.
      cookie: { httpOnly: true, sameSite: 'lax', secure: isHttps, maxAge: 8 * 3600 * 1000 },
    });
  }
}

function sessionSecret(config: ConfigService): string {
  const secret = config.get<string>('SESSION_SECRET');
  if (secret) return secret;
  if (config.get<string>('NODE_ENV') === 'production') throw new Error('SESSION_SECRET is not set');
  return randomBytes(32).toString('base64url');
}
