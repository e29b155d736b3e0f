import { parseScope, type ScopeRegistry } from '../config/scope-registry.js';
import { OAuthError } from '../http/oauth-error.js';
import type { Client } from '../clients/client.js';

/** Asked for out of habit by clients in the field: left out quietly where they mean nothing. */
const HABITUAL_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'email',
  'profile',
  'address',
  'phone',
  'offline_access',
]);

/**
 * What an authorization request comes to before the user's own rights: what was asked, or the client's default, within
 * the known scopes, plus the required ones; within the client's ceiling when the operator set one.
 *
 * @throws {OAuthError} `invalid_scope` when nothing that was asked for is known
 */
export function requestedScopes(
  asked: string | undefined,
  client: Client,
  registry: ScopeRegistry,
): string[] {
  const named = parseScope(asked).filter((scope) => registry.has(scope) || !HABITUAL_SCOPES.has(scope));
  const wanted = named.length > 0 ? named : defaultScopes(client, registry);
  const known = registry.known(wanted);
  if (known.length === 0) throw new OAuthError('invalid_scope', 'None of the requested scopes exists');
  const withRequired = [...new Set([...registry.requiredKeys, ...known])];
  const ceiling = parseScope(client.scope);
  return client.scopeIsCeiling ? withRequired.filter((scope) => ceiling.includes(scope)) : withRequired;
}

function defaultScopes(client: Client, registry: ScopeRegistry): string[] {
  const registered = registry.known(parseScope(client.scope));
  return registered.length > 0 ? registered : registry.resourceKeys;
}

/**
 * What the user agreed to: the ticked scopes within those that the page showed, plus the required ones among them.
 *
 * @param ticked undefined when the page has no checkboxes at all: then everything shown is granted
 */
export function grantedScopes(
  effective: readonly string[],
  ticked: readonly string[] | undefined,
  registry: ScopeRegistry,
): string[] {
  if (ticked === undefined) return [...effective];
  const { requiredKeys } = registry;
  return effective.filter((scope) => ticked.includes(scope) || requiredKeys.includes(scope));
}
