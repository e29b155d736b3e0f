import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { hmacSecret } from '../data-folder.js';

const COOKIE = 'session';
const LIFETIME = 8 * 3600;

/** Who signed in, and when (seconds). */
export interface Session {
  userId: string;
  authTime: number;
}

function sign(value: string): string {
  return createHmac('sha256', `quickstart session ${hmacSecret()}`).update(value).digest('base64url');
}

export function sessionCookie(userId: string, secure: boolean): string {
  const value = `${userId}.${Math.floor(Date.now() / 1000)}`;
  return `${COOKIE}=${value}.${sign(value)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${LIFETIME}${secure ? '; Secure' : ''}`;
}

export const NO_SESSION_COOKIE = `${COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;

export function readSession(headers: IncomingHttpHeaders): Session | null {
  const cookie = new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)\\.(\\d+)\\.([\\w-]+)`).exec(headers.cookie ?? '');
  if (!cookie) return null;
  const [, userId = '', signedInAt = '', mac = ''] = cookie;
  const expected = Buffer.from(sign(`${userId}.${signedInAt}`));
  const actual = Buffer.from(mac);
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
  const authTime = Number(signedInAt);
  return Date.now() / 1000 - authTime < LIFETIME ? { userId, authTime } : null;
}

/** A path on this server and nothing else: whatever a browser could take for another host is dropped. */
export function safeReturnPath(returnTo: unknown): string {
  return typeof returnTo === 'string' && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(returnTo) ? returnTo : '/';
}
