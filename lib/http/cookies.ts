import type { IncomingHttpHeaders } from 'node:http';

export interface CookieOptions {
  secure: boolean;
  path: string;
  /** Seconds. */
  maxAge: number;
}

/** The value of a cookie; of several with one name the first, which has the most specific path (RFC 6265, section 5.4). */
export function readCookie(headers: IncomingHttpHeaders, name: string): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const separator = pair.indexOf('=');
    if (separator > 0 && pair.slice(0, separator).trim() === name) return pair.slice(separator + 1).trim();
  }
  return undefined;
}

/** A Set-Cookie value; never readable by scripts. `name` and `value` must be cookie-safe already. */
export function serializeCookie(
  name: string,
  value: string,
  { secure, path, maxAge }: CookieOptions,
): string {
  return `${name}=${value}; Path=${path}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
