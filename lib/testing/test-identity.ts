import { canonicalResource } from '../config/canonical-resource.js';
import type { McpAuthConfig, ProtectedResource } from '../config/mcp-auth-config.js';
import { parseScope } from '../config/scope-registry.js';

/** On whose behalf a test calls, and with what rights. */
export interface TestIdentity {
  /** Identifier of the user: `sub` of tokens, `principal.userId`. */
  userId: string | number;
  /** Organization that the user acts for. Default: none. */
  orgId?: string | number | null;
  /** Space-separated. Default: every scope of the resource. */
  scope?: string;
  /** URL of the protected resource. Default: the application's default one. */
  resource?: string;
  /** Client that calls on the user's behalf. Default: `test-client`. */
  clientId?: string;
}

/** An identity with its defaults filled in, and every name in it known. */
export interface ResolvedIdentity {
  userId: string;
  orgId: string | null;
  scopes: string[];
  resource: ProtectedResource;
  clientId: string;
}

/** @throws {Error} that names the unknown scope or resource, and the known ones */
export function resolveIdentity(
  identity: TestIdentity,
  config: Pick<McpAuthConfig, 'scopes' | 'resources'>,
): ResolvedIdentity {
  const userId = String(identity.userId ?? '');
  if (userId === '') throw new Error('userId is empty: name the user whom the test is about');
  return {
    userId,
    orgId: identity.orgId === undefined || identity.orgId === null ? null : String(identity.orgId),
    scopes: knownScopes(identity.scope, config),
    resource: knownResource(identity.resource, config),
    clientId: identity.clientId ?? 'test-client',
  };
}

function knownScopes(scope: string | undefined, { scopes }: Pick<McpAuthConfig, 'scopes'>): string[] {
  if (scope === undefined) return scopes.resourceKeys;
  const asked = parseScope(scope);
  const unknown = asked.filter((key) => !scopes.has(key));
  if (unknown.length === 0) return asked;
  throw new Error(`scope '${unknown.join(' ')}' is unknown: this application has ${scopes.keys.join(', ')}`);
}

function knownResource(
  uri: string | undefined,
  { resources }: Pick<McpAuthConfig, 'resources'>,
): ProtectedResource {
  if (uri === undefined) return resources[0];
  const known = resources.find(({ url }) => url === canonicalResource(uri));
  if (known) return known;
  const urls = resources.map(({ url }) => url).join(', ');
  throw new Error(`resource '${uri}' is unknown: this application protects ${urls}`);
}
