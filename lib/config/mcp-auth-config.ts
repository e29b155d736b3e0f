import type {
  AdditionalPublicKey,
  CleanupOptions,
  FetchUserDataContext,
  McpAuthUser,
  McpUserData,
  PreRegisteredClient,
  TokenEndpointAuthMethod,
  TokenSigningAlgorithm,
} from './mcp-auth-options.js';
import type { AuditEvent } from './audit-event.js';
import type { RateLimit, RateLimitedEndpoint, RateLimitStorage } from './rate-limit-options.js';
import type { ScopeRegistry } from './scope-registry.js';

/** Injection token of the resolved {@link McpAuthConfig}. */
export const MCP_AUTH_CONFIG = Symbol.for('nestjs-mcp-auth:config');

/** Endpoint names, as they follow `/oauth/`. */
export const OAUTH_ENDPOINTS = [
  'authorize',
  'approve',
  'token',
  'register',
  'revoke',
  'introspect',
  'userinfo',
] as const;
export type OAuthEndpoint = (typeof OAUTH_ENDPOINTS)[number];

/** A protected resource (RFC 9728). */
export interface ProtectedResource {
  /** Canonical identifier: the `aud` of its tokens. */
  readonly url: string;
  /** Path of `url` as this application sees it: `strippedPathPrefix` is taken off. */
  readonly path: string;
  /** Where its metadata document is published. */
  readonly metadataUrl: string;
  readonly documentationUrl: string;
  readonly name: string | undefined;
}

/** Options after validation: complete, frozen, in one unit (milliseconds for durations). */
export interface McpAuthConfig {
  readonly production: boolean;
  /** Base of endpoints and resources, without a trailing slash. */
  readonly baseUrl: string;
  /** Issuer, verbatim as configured. */
  readonly issuer: string;
  /** False when tokens come from a separate authorization server. */
  readonly isAuthorizationServer: boolean;
  /** Absolute URLs as advertised. */
  readonly endpoints: Readonly<Record<OAuthEndpoint | 'jwks', string>>;
  /** Path under which the application mounts `/oauth/...`: the module's `routePrefix`. */
  readonly routePrefix: string;
  readonly strippedPathPrefix: string;
  /** The first is the default resource. */
  readonly resources: readonly [ProtectedResource, ...ProtectedResource[]];

  readonly oauthSecret: string;
  /** False when the secret is a random one for this process. */
  readonly oauthSecretIsConfigured: boolean;
  readonly previousOauthSecrets: readonly string[];
  readonly accessTokenLifetimeMs: number;
  readonly refreshTokenLifetimeMs: number;
  readonly authorizationCodeLifetimeMs: number;
  readonly refreshTokenReuseGracePeriodMs: number;

  readonly currentUser: (
    request: unknown,
  ) => Promise<(Omit<McpAuthUser, 'id' | 'authTime'> & { id: string; authTimeMs: number | null }) | null>;
  readonly currentOrg: (request: unknown) => Promise<string | null>;
  readonly loginUrl: (returnTo: string) => Promise<string>;
  /** Null when the user is gone. */
  readonly fetchUserData: (
    userId: string,
    orgId: string | null,
    context: FetchUserDataContext,
  ) => Promise<McpUserData | null>;
  readonly validateScopeForUser: (userId: string, orgId: string | null, scope: string) => Promise<boolean>;

  readonly scopes: ScopeRegistry;
  readonly tokenSigning: {
    readonly algorithm: TokenSigningAlgorithm;
    readonly privateKey: string | undefined;
    readonly publicKey: string | undefined;
    readonly kid: string | undefined;
    readonly additionalPublicKeys: readonly AdditionalPublicKey[];
  };

  readonly dynamicClientRegistration: boolean;
  readonly clients: readonly PreRegisteredClient[];
  readonly tokenEndpointAuthMethods: readonly TokenEndpointAuthMethod[];

  /** Absolute path of a custom consent template. */
  readonly consentViewPath: string | undefined;
  readonly requireHttps: boolean;
  readonly tlsTerminatedByProxy: boolean;

  readonly rateLimits: {
    readonly enabled: boolean;
    /** Undefined for the memory of this process. */
    readonly storage: RateLimitStorage | undefined;
    /** Per minute. */
    readonly limits: Readonly<Record<RateLimitedEndpoint, Required<RateLimit>>>;
  };

  readonly revocation: 'polled' | 'strict';
  readonly revocationPollIntervalMs: number;
  readonly revocationMaxStalenessMs: number;
  readonly cleanup: Readonly<
    Required<Omit<CleanupOptions, 'unusedClientLifetime'>> & { unusedClientLifetimeMs: number }
  >;
  readonly onAuditEvent: ((event: AuditEvent) => void) | undefined;
}
