import type { McpAuthConfig, ProtectedResource } from '../config/mcp-auth-config.js';
import type { OAuthError } from '../http/oauth-error.js';
import type { RequestAccess } from '../resource/access-control.js';
import { presentedToken } from '../resource/bearer-token.js';
import type { McpPrincipal } from '../resource/mcp-principal.js';
import { currentPrincipal, rawRequestOf, storePrincipal } from '../resource/principal-store.js';
import { createPrincipal, type TestPrincipal } from './test-principal.js';

/**
 * Treats every request without credentials as one principal's. Whatever else there is to decide, scopes and requests that
 * bring a token of their own, is left to the application's real access control.
 */
export class SignedInAccess implements RequestAccess {
  /** @throws {Error} that names the unknown scope or resource */
  constructor(
    private readonly real: RequestAccess,
    private readonly principal: TestPrincipal,
    private readonly config: McpAuthConfig,
  ) {
    createPrincipal(principal, config);
  }

  authenticate(request: unknown, resource: ProtectedResource): Promise<McpPrincipal> {
    const isAnonymous =
      currentPrincipal(request) === undefined && presentedToken(rawRequestOf(request)).kind === 'none';
    if (isAnonymous) {
      // Like a token, a principal with a resource of its own is known nowhere else: the real one compares.
      const options = { ...this.principal, resource: this.principal.resource ?? resource.url };
      storePrincipal(request, createPrincipal(options, this.config));
    }
    return this.real.authenticate(request, resource);
  }

  authenticateAnywhere(request: unknown, scopes: readonly string[]): Promise<McpPrincipal> {
    return this.real.authenticateAnywhere(request, scopes);
  }

  requireScopes(principal: McpPrincipal, scopes: readonly string[], resource: ProtectedResource): void {
    this.real.requireScopes(principal, scopes, resource);
  }

  invalidToken(scopes: readonly string[]): OAuthError {
    return this.real.invalidToken(scopes);
  }

  get defaultResource(): ProtectedResource {
    return this.real.defaultResource;
  }
}
