import { randomBytes } from 'node:crypto';
import cookieSession from 'cookie-session';
import type { RequestHandler } from 'express';
import { serverUrl } from '../server-url.js';

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

/** The session is the cookie itself, signed. */
export function sessions(): RequestHandler {
  return cookieSession({
    name: 'session',
    secret: process.env.SESSION_SECRET || randomBytes(32).toString('base64url'),
    httpOnly: true,
    sameSite: 'lax',
    secure: serverUrl().startsWith('https:'),
    maxAge: 8 * 3600 * 1000,
  });
}
