import type { AuditEvent } from './audit-event.js';
import type { RateLimitOptions } from './rate-limit-options.js';
import type { ScopeDefinition } from './scope-definition.js';

/** The signed-in person, as the application knows them. */
export interface McpAuthUser {
  /** Stable, unique identifier; becomes the `sub` of tokens. */
  id: string | number;
  /** Shown on the consent page. */
  name?: string;
  /** Shown on the consent page when there is no name. */
  email?: string;
  /** When the person last typed their credentials: a Date, or seconds since the epoch. Feeds `auth_time`. */
  authTime?: Date | number;
}

/** What the application knows about a user when a token is issued, refreshed, introspected or used. */
export interface McpUserData {
  /** E-mail address; the `email` claim of id_token and userinfo. */
  email?: string;
  /** Whether the application has verified `email`. Default: false. */
  emailVerified?: boolean;
  /** Name for people; the `name` claim of id_token and userinfo. */
  name?: string;
  /** Identifier of the user's own API key, if the application has such a thing. Never put into a token. */
  apiKeyId?: string;
  /** Secret of the user's own API key. Never put into a token; read with `principal.apiKey()`. */
  apiKeySecret?: string;
}

/** Why user data is being fetched. */
export interface FetchUserDataContext {
  /** The client that acts for the user. */
  clientId: string;
  /** Space-separated scope of the authorization. */
  scope: string;
}

/** A client that the operator registers in the options instead of through dynamic registration. */
export interface PreRegisteredClient {
  /** What the client sends as `client_id`. */
  clientId: string;
  /** Makes the client confidential. At least 32 characters. */
  clientSecret?: string;
  /** Shown on the consent page. Default: the `clientId`. */
  clientName?: string;
  /** Web page of the client; its host is shown on the consent page. */
  clientUri?: string;
  /** Where authorization responses may go; compared exactly, but for the port of loopback addresses (RFC 8252, section 7.3). */
  redirectUris?: string[];
  /** Grant types that the client may use. Default: `['authorization_code', 'refresh_token']`. */
  grantTypes?: string[];
  /** Space-separated ceiling of what this client may be granted. Default: every scope. */
  scope?: string;
  /** May introspect tokens that were issued to other clients: for resource servers. Default: false. */
  allowIntrospection?: boolean;
}

/** How tokens are signed (RFC 7518, section 3.1). HS256 can be verified by this application only. */
export type TokenSigningAlgorithm = 'HS256' | 'RS256' | 'ES256';
/** Client authentication at the token endpoint (RFC 7591, section 2); `none` is a public client. */
export type TokenEndpointAuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post';

/** A public key that stays valid for verification while signing keys roll over. */
export interface AdditionalPublicKey {
  /** PEM of an RSA or P-256 public key. */
  key: string;
  /** Key id. Default: the RFC 7638 thumbprint. */
  kid?: string;
}

/** The scheduled removal of rows that can no longer matter. */
export interface CleanupOptions {
  /** Default: true. */
  enabled?: boolean;
  /** Cron expression (with seconds allowed). Default: `'17 * * * *'`. */
  cron?: string;
  /** Rows per statement. Default: 500. */
  batchSize?: number;
  /** Seconds that a self-registered client may exist without any grant. Default: 7776000 (90 days). */
  unusedClientLifetime?: number;
}

/**
 * Options of {@link McpAuthModule}. Only `currentUser` and `loginUrl` have to be written;
 * in production `serverUrl` and `oauthSecret` as well.
 *
 * @example
 * McpAuthModule.forRootAsync({
 *   inject: [SessionService],
 *   useFactory: (sessions: SessionService) => ({
 *     serverUrl: 'https://app.example.com',
 *     oauthSecret: process.env.MCP_HMAC_SECRET,
 *     currentUser: (request) => sessions.userOf(request),
 *     loginUrl: (returnTo) => `/login?returnTo=${encodeURIComponent(returnTo)}`,
 *   }),
 * });
 */
export interface McpAuthOptions {
  /**
   * Public base URL of this application: the issuer, and the base of every endpoint and resource. Kept verbatim.
   * Default: the environment variable MCP_SERVER_URL; outside production `http://localhost:${PORT ?? 3000}`.
   */
  serverUrl?: string;
  /**
   * Secret from which all keys are derived; at least 32 bytes. Default: the environment variable MCP_HMAC_SECRET;
   * outside production a random one for this process.
   */
  oauthSecret?: string;
  /** Former values of `oauthSecret` whose codes and tokens are still accepted. Default: none. */
  previousOauthSecrets?: string[];
  /**
   * Issuer of a separate authorization server. When it differs from `serverUrl`, this application is a resource
   * server only and its own OAuth endpoints are absent. Default: MCP_AUTHORIZATION_SERVER_URL.
   */
  authorizationServerUrl?: string;
  /** External path of the MCP server below `serverUrl`. Default: MCP_SERVER_PATH, else `/mcp/api`. */
  mcpServerPath?: string;
  /** Documentation of the MCP server: a path or a URL. Default: MCP_DOCS_URL, else `{mcpServerPath}/docs`. */
  mcpDocsUrl?: string;
  /** Name of the MCP server for people: `resource_name` (RFC 9728) and the consent page. */
  mcpServerName?: string;

  /** Seconds. Default: 3600. */
  accessTokenLifetime?: number;
  /** Seconds since the last refresh. Default: 2592000 (30 days). */
  refreshTokenLifetime?: number;
  /** Seconds. Default: 1800. */
  authorizationCodeLifetime?: number;
  /** Seconds in which a refresh token that was just used yields the same successor; 0 to 60. Default: 10. */
  refreshTokenReuseGracePeriod?: number;

  /**
   * Who is signed in in the browser behind this request (Express `Request` or Fastify `FastifyRequest`);
   * null or undefined when nobody is. Required on an authorization server.
   */
  currentUser?: (
    request: never,
  ) =>
    | McpAuthUser
    | string
    | number
    | null
    | undefined
    | Promise<McpAuthUser | string | number | null | undefined>;
  /** The organization that the person acts for; becomes the `org` claim. Default: none. */
  currentOrg?: (
    request: never,
  ) => string | number | null | undefined | Promise<string | number | null | undefined>;
  /**
   * Where to send a browser that is not signed in. `returnTo` is a path on this server; send the browser there
   * after login. Required on an authorization server.
   */
  loginUrl?: (returnTo: string) => string | Promise<string>;
  /**
   * Data about a user, or null when the user is gone or disabled: then the grant is revoked. Default: no data.
   */
  fetchUserData?: (
    userId: string,
    orgId: string | null,
    context: FetchUserDataContext,
  ) => McpUserData | null | undefined | Promise<McpUserData | null | undefined>;
  /** Whether this user may have this scope; enforced at consent and at refresh. Default: every scope. */
  validateScopeForUser?: (userId: string, orgId: string | null, scope: string) => boolean | Promise<boolean>;

  /** Scopes that clients may ask for. Default: `mcp:read` (required) and `mcp:write`. */
  scopes?: ScopeDefinition[];
  /** Offer `openid`, `email` and `profile`. Needs RS256 or ES256. Default: true with these, false with HS256. */
  openIdConnect?: boolean;

  /** Default: `HS256`. */
  tokenSigningAlgorithm?: TokenSigningAlgorithm;
  /** PEM of the private key for RS256 (2048 bits or more) or ES256 (P-256). */
  tokenSigningPrivateKey?: string;
  /** PEM of the matching public key. Default: derived from the private key. */
  tokenSigningPublicKey?: string;
  /** Key id. Default: the RFC 7638 thumbprint. */
  tokenSigningKid?: string;
  /** Public keys that still verify: former and upcoming signing keys. Default: none. */
  tokenSigningAdditionalPublicKeys?: (string | AdditionalPublicKey)[];

  /** RFC 7591 registration by clients themselves. Default: true. */
  dynamicClientRegistration?: boolean;
  /** Clients registered by the operator. Default: none. */
  clients?: PreRegisteredClient[];
  /** Client authentication that is offered and accepted. Default: all three. */
  tokenEndpointAuthMethods?: TokenEndpointAuthMethod[];

  /**
   * Render the consent page from `consentViewPath`: true stops the start when the template is not there, false keeps the
   * built-in page. Default: true when `consentViewPath` is given, else whether its default is there.
   */
  useCustomConsentView?: boolean;
  /** Handlebars template, relative to the working directory. Default: `views/mcp-auth/consent.hbs`. */
  consentViewPath?: string;

  /** A proxy in front of the application ends TLS; its `X-Forwarded-Proto` is honoured. Default: false. */
  tlsTerminatedByProxy?: boolean;
  /** Path prefix of `serverUrl` that a proxy removes before requests reach this application. Default: ''. */
  strippedPathPrefix?: string;
  /** Enforce production rules (https, explicit `serverUrl` and secret). Default: `NODE_ENV === 'production'`. */
  production?: boolean;

  /** Limits of the OAuth endpoints: 429 with Retry-After beyond them. Default: on, see {@link RateLimitOptions}. */
  rateLimits?: RateLimitOptions;

  /** `polled`: no query per guarded request. `strict`: ask the database each time. Default: `polled`. */
  revocation?: 'polled' | 'strict';
  /** Seconds between two looks at the revocation log. Default: 1. */
  revocationPollInterval?: number;
  /** Seconds after which a guard without a successful poll refuses with 503. Default: 10. */
  revocationMaxStaleness?: number;

  /** The scheduled removal of rows that can no longer matter. Default: hourly. */
  cleanup?: CleanupOptions;
  /** Called for every security-relevant step, after it was logged. Never carries a secret. */
  onAuditEvent?: (event: AuditEvent) => void;
}

/**
 * For `useClass` and `useExisting` of {@link McpAuthModule.forRootAsync}.
 *
 * @example
 * @Injectable()
 * export class AppMcpAuthOptions implements McpAuthOptionsFactory {
 *   constructor(private readonly sessions: SessionService) {}
 *
 *   createMcpAuthOptions(): McpAuthOptions {
 *     return { currentUser: (request) => this.sessions.userOf(request), loginUrl: () => '/login' };
 *   }
 * }
 */
export interface McpAuthOptionsFactory {
  /** The options; called once, at start. */
  createMcpAuthOptions(): McpAuthOptions | Promise<McpAuthOptions>;
}
