import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { ACCESS_CONTROL, TOKEN_ACCESS_CONTROL, type RequestAccess } from '../resource/access-control.js';
import { SignedInAccess } from './signed-in-access.js';
import type { TestPrincipal } from './test-principal.js';

/** How a replacement is made. */
export interface ProviderOverride {
  /** Names what makes the replacement, and what it is given. */
  useFactory(options: { factory: (...dependencies: never[]) => unknown; inject: symbol[] }): unknown;
}

/** What is used of Nest's `TestingModuleBuilder`. Structural: @nestjs/testing need not be installed for these types. */
export interface ProviderOverrider {
  /** Replaces a provider of the module that is being built. */
  overrideProvider(token: symbol): ProviderOverride;
}

/**
 * Signs somebody in for a whole application under test: every request without credentials to a protected path, or to a
 * route with `McpAuthGuard`, comes from this principal. Scopes are enforced as ever, `@McpPublic()` routes stay open, a
 * request that brings an Authorization header is judged by that header, and the OAuth endpoints are not affected.
 *
 * @returns the builder, for further overrides and `compile()`, which throws an Error when the scope or resource is unknown
 * @example
 * const moduleRef = await withPrincipal(Test.createTestingModule({ imports: [AppModule] }), {
 *   userId: 'alice',
 *   scope: 'mcp:read',
 *   userData: { email: 'alice@example.com' },
 * }).compile();
 */
export function withPrincipal<Builder extends ProviderOverrider>(
  builder: Builder,
  principal: TestPrincipal,
): Builder {
  builder.overrideProvider(ACCESS_CONTROL).useFactory({
    factory: (real: RequestAccess, config: McpAuthConfig) => new SignedInAccess(real, principal, config),
    inject: [TOKEN_ACCESS_CONTROL, MCP_AUTH_CONFIG],
  });
  return builder;
}
