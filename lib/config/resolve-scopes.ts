import type { McpAuthOptions } from './mcp-auth-options.js';
import { DEFAULT_SCOPES, OPENID_SCOPES, parseScope, ScopeRegistry } from './scope-registry.js';

export function resolveOpenIdConnect(options: McpAuthOptions, problems: string[]): boolean {
  const asymmetric = (options.tokenSigningAlgorithm ?? 'HS256') !== 'HS256';
  if (options.openIdConnect && !asymmetric) {
    problems.push(
      'openIdConnect needs tokenSigningAlgorithm RS256 or ES256: a client could not verify an id_token signed with HS256',
    );
  }
  return options.openIdConnect ?? asymmetric;
}

export function resolveScopes(
  options: McpAuthOptions,
  openIdConnect: boolean,
  problems: string[],
): ScopeRegistry {
  const scopes = options.scopes ?? DEFAULT_SCOPES;
  const seen = new Set<string>();
  for (const { key } of scopes) {
    if (seen.has(key)) problems.push(`scopes lists '${key}' twice`);
    if (OPENID_SCOPES.some((scope) => scope.key === key) || key === 'offline_access') {
      problems.push(`scopes must not define '${key}': the module does, see openIdConnect`);
    }
    seen.add(key);
  }
  for (const { key, implies } of scopes) {
    for (const implied of implies ?? []) {
      if (!seen.has(implied)) problems.push(`scopes: '${key}' implies '${implied}', which is not listed`);
    }
  }
  return new ScopeRegistry(scopes, openIdConnect ? OPENID_SCOPES : []);
}

export function checkClients(options: McpAuthOptions, scopes: ScopeRegistry, problems: string[]): void {
  const seen = new Set<string>();
  for (const client of options.clients ?? []) {
    const name = `clients: '${client.clientId}'`;
    if (seen.has(client.clientId)) problems.push(`${name} is listed twice`);
    seen.add(client.clientId);
    const unknown = parseScope(client.scope).filter((scope) => !scopes.has(scope));
    if (unknown.length > 0) problems.push(`${name} names unknown scopes: ${unknown.join(' ')}`);
    if ((client.redirectUris ?? []).length === 0 && !client.allowIntrospection) {
      problems.push(`${name} needs redirectUris (or allowIntrospection, for a resource server)`);
    }
    if (client.allowIntrospection && client.clientSecret === undefined) {
      problems.push(`${name} may introspect, so it needs a clientSecret`);
    }
  }
}
