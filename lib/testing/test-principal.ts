import { randomUUID } from 'node:crypto';
import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import type { McpUserData } from '../config/mcp-auth-options.js';
import { McpPrincipal } from '../resource/mcp-principal.js';
import { resolveIdentity, type TestIdentity } from './test-identity.js';

/** Who is signed in while a test runs. */
export interface TestPrincipal extends TestIdentity {
  /**
   * What the application knows about the user, `principal.email()` and `principal.apiKey()` included; null for a user who
   * is gone. Default: whatever `fetchUserData` answers.
   */
  userData?: McpUserData | null;
}

/** Stands where a token would: whoever sends it on is refused. */
const NO_TOKEN = 'signed-in-by-a-test';

/** @throws {Error} that names the unknown scope or resource */
export function createPrincipal(options: TestPrincipal, config: McpAuthConfig): McpPrincipal {
  const { userId, orgId, scopes, resource, clientId } = resolveIdentity(options, config);
  const { userData } = options;
  const issuedAt = Math.floor(Date.now() / 1000);
  return new McpPrincipal(
    NO_TOKEN,
    {
      iss: config.issuer,
      sub: userId,
      aud: resource.url,
      iat: issuedAt,
      exp: issuedAt + config.accessTokenLifetimeMs / 1000,
      jti: randomUUID(),
      client_id: clientId,
      scope: scopes.join(' '),
      grant_id: randomUUID(),
      grant_created_at: issuedAt * 1000,
      ...(orgId !== null && { org: orgId }),
    },
    {
      scopes: config.scopes,
      fetchUserData: userData === undefined ? config.fetchUserData : () => Promise.resolve(userData),
    },
  );
}
