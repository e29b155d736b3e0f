import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import { randomBytes } from 'node:crypto';
import { AuditLog } from '../config/audit-log.js';
import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import type { McpAuthOptions } from '../config/mcp-auth-options.js';
import { resolveConfig } from '../config/resolve-config.js';
import { DEFAULT_SCOPES, parseScope, ScopeRegistry } from '../config/scope-registry.js';
import { AccessControl } from '../resource/access-control.js';
import { InvalidTokenError } from '../resource/invalid-token.error.js';
import { McpAuthGlobalGuard } from '../resource/mcp-auth-global.guard.js';
import { ROUTE_ACCESS, RouteAccess } from '../resource/route-access.js';
import { SignedInAccess } from './signed-in-access.js';
import type { TestPrincipal } from './test-principal.js';

/** Those of the application's options that decide what a controller on its own is asked for. */
export type ControllerTestOptions = Pick<McpAuthOptions, 'serverUrl' | 'mcpServerPath' | 'scopes'>;

/** Stands for McpAuthModule in tests of controllers on their own: no database, no keys, no endpoints. */
@Module({})
export class McpAuthTestingModule {
  /**
   * Signs somebody in. `@UseGuards(McpAuthGuard)`, `@McpUser()`, `@McpScopes()` and `@McpPublic()` work as in the
   * application, and routes under `mcpServerPath` are protected. A request that brings an Authorization header gets 401:
   * there are no keys to verify a token with.
   *
   * @param principal without a `scope` it has every scope, whichever a controller asks for
   * @param options where they differ from the defaults in the application
   * @throws {Error} that names an unknown scope or resource
   * @throws {McpAuthConfigurationError} when the options are wrong
   * @example
   * const moduleRef = await Test.createTestingModule({
   *   imports: [McpAuthTestingModule.signedInAs({ userId: 'alice' })],
   *   controllers: [NotesController],
   * }).compile();
   */
  static signedInAs(principal: TestPrincipal, options: ControllerTestOptions = {}): DynamicModule {
    const config = standaloneConfig(principal, options);
    const real = new AccessControl(NO_KEYS, new AuditLog(config), config);
    const access = new SignedInAccess(real, principal, config);
    return {
      module: McpAuthTestingModule,
      global: true,
      providers: [
        {
          provide: ROUTE_ACCESS,
          inject: [HttpAdapterHost],
          useFactory: (host: HttpAdapterHost) => new RouteAccess(access, host, config),
        },
        { provide: APP_GUARD, useClass: McpAuthGlobalGuard },
      ],
      exports: [ROUTE_ACCESS],
    };
  }
}

const NO_KEYS: ConstructorParameters<typeof AccessControl>[0] = {
  verify: () => Promise.reject(new InvalidTokenError('bad_signature')),
};

/** What a principal may do who was given no scope in particular. */
class EveryScope extends ScopeRegistry {
  override satisfies(): boolean {
    return true;
  }
}

function standaloneConfig(principal: TestPrincipal, options: ControllerTestOptions): McpAuthConfig {
  const config = resolveConfig(
    {
      serverUrl: 'http://localhost:3000',
      oauthSecret: randomBytes(32).toString('base64url'),
      currentUser: () => null,
      loginUrl: () => '/',
      production: false,
      ...options,
      scopes: options.scopes ?? scopesFor(principal),
    },
    { routePrefix: '', environment: {} },
  );
  if (principal.scope !== undefined) return config;
  return { ...config, scopes: new EveryScope(config.scopes.resourceScopes, config.scopes.openIdScopes) };
}

/** Where the application's scopes are not named, those that the test names exist. */
function scopesFor(principal: TestPrincipal): NonNullable<McpAuthOptions['scopes']> {
  const named = parseScope(principal.scope).filter((key) =>
    DEFAULT_SCOPES.every((scope) => scope.key !== key),
  );
  return [...DEFAULT_SCOPES, ...named.map((key) => ({ key, name: key }))];
}
