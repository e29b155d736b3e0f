import { registerCopy } from './package-copies.js';

registerCopy();

export { McpAuthModule } from './mcp-auth.module.js';
export type { McpAuthExtras } from './mcp-auth.module-definition.js';

export type { AuditEvent, AuditEventType } from './config/audit-event.js';
export { McpAuthConfigurationError } from './config/configuration.error.js';
export type {
  AdditionalPublicKey,
  CleanupOptions,
  FetchUserDataContext,
  McpAuthOptions,
  McpAuthOptionsFactory,
  McpAuthUser,
  McpUserData,
  PreRegisteredClient,
  TokenEndpointAuthMethod,
  TokenSigningAlgorithm,
} from './config/mcp-auth-options.js';
export type {
  RateLimit,
  RateLimitedEndpoint,
  RateLimitOptions,
  RateLimitRecord,
  RateLimitStorage,
} from './config/rate-limit-options.js';
export type { ScopeDefinition } from './config/scope-definition.js';
export type { ConsentScope, ConsentView } from './authorization/consent-view.js';

export { McpAuthGuard } from './resource/mcp-auth.guard.js';
export { McpPrincipal, type McpApiKey } from './resource/mcp-principal.js';
export { isMcpAuthRequest } from './resource/mcp-auth-request.js';
export { McpPublic } from './resource/mcp-public.decorator.js';
export { McpScopes } from './resource/mcp-scopes.decorator.js';
export { McpUser, type McpUserField } from './resource/mcp-user.decorator.js';
export { currentPrincipal } from './resource/principal-store.js';
export { toAuthInfo, type McpAuthInfo } from './resource/auth-info.js';
export { RevocationService } from './resource/revocation.service.js';
export type { GrantCount } from './storage/grant.repository.js';

export type { ClientInformation } from './clients/client-information.js';
export type { NewOperatorClient } from './clients/operator-client.js';
export {
  CleanupService,
  type CleanupProgress,
  type CleanupResult,
  type CleanupRun,
} from './maintenance/cleanup.service.js';
export {
  ClientAdministrationService,
  type ClientChange,
  type ClientDetails,
  type ClientList,
  type ClientSummary,
  type DeletedClient,
  type RotatedSecret,
} from './maintenance/client-administration.service.js';
export type { DoctorCheck, DoctorStatus } from './maintenance/doctor/doctor-check.js';
export { DoctorService } from './maintenance/doctor/doctor.service.js';
export {
  StatisticsService,
  type ClientCounts,
  type GrantCounts,
  type LifetimeCounts,
  type RevocationCounts,
  type Statistics,
  type UserCounts,
} from './maintenance/statistics.service.js';
export type { ClientPage } from './storage/client-administration.repository.js';
export { MCP_AUTH_ENTITIES } from './storage/entities.js';
export { MCP_AUTH_MIGRATIONS } from './storage/migrations.js';
export { CreateMcpAuthTables1764000000000 } from './storage/migrations/1764000000000-create-mcp-auth-tables.js';
export { AddMcpAuthOperatorClients1764100000000 } from './storage/migrations/1764100000000-add-mcp-auth-operator-clients.js';
export { IndexMcpAuthUnredeemedGrants1764200000000 } from './storage/migrations/1764200000000-index-mcp-auth-unredeemed-grants.js';
