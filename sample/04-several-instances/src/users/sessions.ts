import cookieSession from 'cookie-session';
import type { RequestHandler } from 'express';
import { required } from '../environment.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- this is how the types of cookie-session are extended
  namespace CookieSessionInterfaces {
    interface CookieSessionObject {
      userId?: string;
      /** Seconds since the epoch. */
      signedInAt?: number;
    }
  }
}

/** The session is the cookie itself, signed: every instance can read it, and none has to remember it. */
export function sessions(): RequestHandler {
  return cookieSession({
    name: 'session',
    secret: required('SESSION_SECRET'),
    httpOnly: true,
    sameSite: 'lax',
    secure: required('MCP_SERVER_URL').startsWith('https:'),
    maxAge: 8 * 3600 * 1000,
  });
}
