import { isOwn } from '../http/own-requests.js';
import { currentPrincipal, rawRequestOf } from './principal-store.js';

/**
 * Whether a request is none of a CSRF middleware's business: it goes to an OAuth endpoint of this module, or it came to a
 * protected resource with a valid access token. Neither acts by a cookie that a browser would send along from a foreign
 * page: the machine endpoints authenticate each request by itself, and the consent form carries a ticket that is bound to
 * user, browser and request (RFC 6749, section 10.12) and is refused from a foreign origin.
 *
 * Ask it in middleware and hooks that are registered after `NestFactory.create()`. Paths are compared exactly, so a
 * request that is spelled in another way is not exempt; the other routes of the application never are.
 *
 * @example
 * doubleCsrf({ ..., skipCsrfProtection: isMcpAuthRequest });
 */
export function isMcpAuthRequest(request: unknown): boolean {
  const raw = rawRequestOf(request);
  return isOwn(raw) || currentPrincipal(raw) !== undefined;
}
