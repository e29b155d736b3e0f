import type { NestExpressApplication } from '@nestjs/platform-express';
import cookieParser from 'cookie-parser';
import { doubleCsrf } from 'csrf-csrf';
import session from 'express-session';
import helmet from 'helmet';
import { isMcpAuthRequest } from 'nestjs-mcp-auth';

/** helmet, sessions and CSRF protection, as an application on Express has them. */
export function equipExpress(app: NestExpressApplication): void {
  app.use(helmet());
  app.use(cookieParser());
  app.use(session({ secret: 'the-session-secret', resave: false, saveUninitialized: false }));
  const { doubleCsrfProtection } = doubleCsrf({
    getSecret: () => 'the-csrf-secret',
    getSessionIdentifier: (request) => request.session.id,
    cookieName: 'csrf',
    cookieOptions: { secure: false, sameSite: 'lax' },
    skipCsrfProtection: isMcpAuthRequest,
  });
  app.use(doubleCsrfProtection);
  app.useBodyParser('json', { limit: '10kb' });
}
