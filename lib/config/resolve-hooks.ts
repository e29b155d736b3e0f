import { McpAuthConfigurationError } from './configuration.error.js';
import type { McpAuthConfig } from './mcp-auth-config.js';
import type { McpAuthOptions } from './mcp-auth-options.js';

type Hooks = Pick<
  McpAuthConfig,
  'currentUser' | 'currentOrg' | 'loginUrl' | 'fetchUserData' | 'validateScopeForUser'
>;

function identifier(value: unknown, hook: string): string {
  const id = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  if (typeof id !== 'string' || id === '') {
    throw new McpAuthConfigurationError([
      `${hook} returned an id that is neither a non-empty string nor a number`,
    ]);
  }
  return id;
}

/** The application's functions with their lenient answers made uniform. */
export function resolveHooks(options: McpAuthOptions): Hooks {
  return {
    async currentUser(request) {
      const user = await options.currentUser?.(request as never);
      if (user === null || user === undefined) return null;
      if (typeof user !== 'object') return { id: identifier(user, 'currentUser'), authTimeMs: null };
      const { authTime, name, email } = user;
      return {
        id: identifier(user.id, 'currentUser'),
        ...(name !== undefined && { name }),
        ...(email !== undefined && { email }),
        authTimeMs:
          authTime === undefined ? null : authTime instanceof Date ? authTime.getTime() : authTime * 1000,
      };
    },
    async currentOrg(request) {
      const org = await options.currentOrg?.(request as never);
      return org === null || org === undefined ? null : identifier(org, 'currentOrg');
    },
    async loginUrl(returnTo) {
      const url = await options.loginUrl?.(returnTo);
      if (typeof url !== 'string') throw new McpAuthConfigurationError(['loginUrl returned no string']);
      return url;
    },
    async fetchUserData(userId, orgId, context) {
      if (!options.fetchUserData) return {};
      return (await options.fetchUserData(userId, orgId, context)) ?? null;
    },
    async validateScopeForUser(userId, orgId, scope) {
      // Only a plain true lets a scope pass.
      return options.validateScopeForUser
        ? (await options.validateScopeForUser(userId, orgId, scope)) === true
        : true;
    },
  };
}
