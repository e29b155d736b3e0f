import type { Sealer } from '../keys/sealer.js';
import { sha256Hex } from '../storage/hash.js';

/** Name of the parameter that carries the marker back. */
export const LOGIN_MARKER = 'mcp_auth_login';
const LIFETIME_MS = 600_000;

interface LoginMarker {
  request: string;
  browser: string;
  sentAt: number;
}

/** The authorization request's own query, without the marker: what both sides of the detour are compared by. */
function withoutMarker(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith(`${LOGIN_MARKER}=`))
    .join('&');
}

/**
 * Where login sends the browser back to: the very same request, with a sealed note that this browser was sent to log in
 * for it. That note is what satisfies `prompt=login` for an application that does not report `authTime`.
 */
export function loginReturnPath(
  path: string,
  query: string,
  browser: string,
  now: number,
  sealer: Sealer,
): string {
  const request = withoutMarker(query);
  const marker: LoginMarker = { request: sha256Hex(request), browser, sentAt: now };
  return `${path}?${request}${request === '' ? '' : '&'}${LOGIN_MARKER}=${sealer.seal('login-marker', marker)}`;
}

/** When this browser was sent to log in for this request; null when it was not, or too long ago. */
export function loginSentAt(
  marker: string | undefined,
  query: string,
  browser: string,
  now: number,
  sealer: Sealer,
): number | null {
  if (marker === undefined) return null;
  const opened = sealer.open('login-marker', marker) as LoginMarker | null;
  if (!opened || opened.browser !== browser || opened.request !== sha256Hex(withoutMarker(query)))
    return null;
  return now - opened.sentAt <= LIFETIME_MS ? opened.sentAt : null;
}
