import { canonicalResource } from '../config/canonical-resource.js';
import { OAuthError } from '../http/oauth-error.js';
import type { Parameters } from '../http/parameters.js';

/**
 * The one resource that an access token will be for: what the request names, within the grant (RFC 8707, section 2.2);
 * the grant's first when it names none.
 *
 * @throws {OAuthError} `invalid_target`
 */
export function requestedResource(parameters: Parameters, granted: readonly string[]): string {
  const asked = [...new Set(parameters.getAll('resource').map(canonicalResource))];
  if (asked.length > 1) throw new OAuthError('invalid_target', 'An access token is for one resource only');
  const resource = asked.length === 0 ? granted[0] : granted.find((known) => known === asked[0]);
  if (resource === undefined) throw new OAuthError('invalid_target', 'The resource is not part of the grant');
  return resource;
}
