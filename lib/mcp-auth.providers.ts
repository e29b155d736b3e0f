import { type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ApproveService } from './authorization/approve.service.js';
import { AuthorizeService } from './authorization/authorize.service.js';
import { ConsentRenderer } from './authorization/pages/consent-renderer.js';
import { ClientAuthenticator } from './clients/client-authenticator.js';
import { ClientDirectory } from './clients/client-directory.js';
import { RegisterService } from './clients/register.service.js';
import { AuditLog } from './config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from './config/mcp-auth-config.js';
import type { McpAuthOptions } from './config/mcp-auth-options.js';
import { resolveConfig } from './config/resolve-config.js';
import { WellKnownService } from './discovery/well-known.service.js';
import { Endpoint } from './http/endpoint.js';
import { HttpEdge } from './http/http-edge.js';
import { RateLimiter } from './http/rate-limiter.js';
import { REQUEST_GATE } from './http/request-gate.js';
import { RouteInspector } from './http/route-inspector.js';
import { DerivedKeys } from './keys/derived-keys.js';
import { HANDLE_CODEC, HandleCodec } from './keys/handle-codec.js';
import { JwtCodec } from './keys/jwt-codec.js';
import { KEY_RING, KeyRing } from './keys/key-ring.js';
import { Sealer } from './keys/sealer.js';
import { CleanupJob } from './maintenance/cleanup.job.js';
import { CleanupService } from './maintenance/cleanup.service.js';
import { ClientAdministrationService } from './maintenance/client-administration.service.js';
import { DoctorService } from './maintenance/doctor/doctor.service.js';
import { StatisticsService } from './maintenance/statistics.service.js';
import { MODULE_OPTIONS_TOKEN, type McpAuthExtras } from './mcp-auth.module-definition.js';
import { IdTokenIssuer } from './oidc/id-token.js';
import { UserinfoService } from './oidc/userinfo.service.js';
import { ACCESS_CONTROL, AccessControl, TOKEN_ACCESS_CONTROL } from './resource/access-control.js';
import { AccessTokenVerifier } from './resource/access-token-verifier.js';
import { ProtectedRouteCheck } from './resource/boot-check.js';
import { GrantUser } from './resource/grant-user.js';
import { McpAuthGlobalGuard } from './resource/mcp-auth-global.guard.js';
import { PublicRoutes } from './resource/public-routes.js';
import { ResourceGate } from './resource/resource-gate.js';
import { RevocationFeed } from './resource/revocation-feed.js';
import { RevocationService } from './resource/revocation.service.js';
import { ROUTE_ACCESS, RouteAccess } from './resource/route-access.js';
import { CleanupRepository } from './storage/cleanup.repository.js';
import { ClientAdministrationRepository } from './storage/client-administration.repository.js';
import { ClientRepository } from './storage/client.repository.js';
import { MCP_AUTH_DATA_SOURCE } from './storage/data-source.token.js';
import { Database } from './storage/database.js';
import { DATABASE_CLOCK, DatabaseClock } from './storage/database-clock.js';
import { GRANT_REPOSITORY, GrantRepository } from './storage/grant.repository.js';
import { LeaseRepository } from './storage/lease.repository.js';
import { RevocationRepository } from './storage/revocation.repository.js';
import { StatisticsRepository } from './storage/statistics.repository.js';
import { AuthorizationCodeGrant } from './token/authorization-code.grant.js';
import { GrantLoader } from './token/grant-loader.js';
import { IntrospectService } from './token/introspect.service.js';
import { RefreshTokenGrant } from './token/refresh-token.grant.js';
import { RevokeService } from './token/revoke.service.js';
import { TokenIssuer } from './token/token-issuer.js';

const KEYS: Provider[] = [
  {
    provide: DerivedKeys,
    inject: [MCP_AUTH_CONFIG],
    useFactory: (config: McpAuthConfig) => new DerivedKeys(config.oauthSecret, config.previousOauthSecrets),
  },
  {
    provide: KeyRing,
    inject: [MCP_AUTH_CONFIG, DerivedKeys],
    useFactory: (config: McpAuthConfig, keys: DerivedKeys) => new KeyRing(config.tokenSigning, keys),
  },
  { provide: JwtCodec, inject: [KeyRing], useFactory: (ring: KeyRing) => new JwtCodec(ring) },
  { provide: HandleCodec, inject: [DerivedKeys], useFactory: (keys: DerivedKeys) => new HandleCodec(keys) },
  { provide: Sealer, inject: [DerivedKeys], useFactory: (keys: DerivedKeys) => new Sealer(keys) },
];

const STORAGE: Provider[] = [
  Database,
  DatabaseClock,
  ClientRepository,
  ClientAdministrationRepository,
  GrantRepository,
  RevocationRepository,
  LeaseRepository,
  CleanupRepository,
  StatisticsRepository,
];

const SERVICES: Provider[] = [
  AuditLog,
  RouteInspector,
  HttpEdge,
  Endpoint,
  RateLimiter,
  ClientDirectory,
  ClientAuthenticator,
  RegisterService,
  ConsentRenderer,
  AuthorizeService,
  ApproveService,
  GrantLoader,
  TokenIssuer,
  AuthorizationCodeGrant,
  RefreshTokenGrant,
  RevokeService,
  IntrospectService,
  IdTokenIssuer,
  UserinfoService,
  WellKnownService,
  CleanupService,
  CleanupJob,
  StatisticsService,
  ClientAdministrationService,
  DoctorService,
];

const RESOURCE: Provider[] = [
  RevocationFeed,
  RevocationService,
  GrantUser,
  AccessTokenVerifier,
  AccessControl,
  { provide: TOKEN_ACCESS_CONTROL, useExisting: AccessControl },
  // Not an alias: Nest 11 looks through those, past whatever a test puts in their place.
  { provide: ACCESS_CONTROL, inject: [AccessControl], useFactory: (access: AccessControl) => access },
  RouteAccess,
  { provide: ROUTE_ACCESS, useExisting: RouteAccess },
  PublicRoutes,
  ResourceGate,
  { provide: REQUEST_GATE, useExisting: ResourceGate },
  McpAuthGlobalGuard,
  ProtectedRouteCheck,
];

/** What `nestjs-mcp-auth/testing` mints tokens with, by symbols: it may belong to the package's other copy. */
const SHARED: Provider[] = [
  { provide: KEY_RING, useExisting: KeyRing },
  { provide: HANDLE_CODEC, useExisting: HandleCodec },
  { provide: GRANT_REPOSITORY, useExisting: GrantRepository },
  { provide: DATABASE_CLOCK, useExisting: DatabaseClock },
];

/** Everything that the module provides, in the order of the floors that it stands on. */
export function mcpAuthProviders(extras: McpAuthExtras): Provider[] {
  return [
    { provide: MCP_AUTH_DATA_SOURCE, useExisting: getDataSourceToken(extras.dataSourceName) },
    {
      provide: MCP_AUTH_CONFIG,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: McpAuthOptions) =>
        resolveConfig(options, { routePrefix: extras.routePrefix ?? '' }),
    },
    ...KEYS,
    ...STORAGE,
    ...SERVICES,
    ...RESOURCE,
    ...SHARED,
    ...(extras.globalGuard === false ? [] : [{ provide: APP_GUARD, useExisting: McpAuthGlobalGuard }]),
  ];
}
