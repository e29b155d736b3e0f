import { McpAuthConfigurationError } from './configuration.error.js';
import { OAUTH_ENDPOINTS, type McpAuthConfig } from './mcp-auth-config.js';
import type { McpAuthOptions, TokenEndpointAuthMethod } from './mcp-auth-options.js';
import { validateOptionShapes } from './options.validator.js';
import { resolveConsentView } from './resolve-consent-view.js';
import { resolveHooks } from './resolve-hooks.js';
import { checkClients, resolveOpenIdConnect, resolveScopes } from './resolve-scopes.js';
import { resolveRateLimits } from './resolve-rate-limits.js';
import { resolveSecret } from './resolve-secret.js';
import { checkMountedPath, resolveIssuer, resolveResource, resolveServerUrl } from './resolve-urls.js';

const ALL_AUTH_METHODS: readonly TokenEndpointAuthMethod[] = [
  'none',
  'client_secret_basic',
  'client_secret_post',
];

/** The part of the configuration that the module definition knows before the options are there. */
export interface ConfigContext {
  routePrefix: string;
  environment?: NodeJS.ProcessEnv;
}

/**
 * Options as the application writes them, with environment variables and defaults, into one checked and frozen
 * configuration.
 *
 * @throws {McpAuthConfigurationError} naming every option that is wrong, and the remedy
 */
export function resolveConfig(options: McpAuthOptions, context: ConfigContext): McpAuthConfig {
  validateOptionShapes(options);
  const environment = context.environment ?? process.env;
  const problems: string[] = [];
  const production = options.production ?? environment.NODE_ENV === 'production';

  const serverUrl = resolveServerUrl(options, environment, production, problems);
  const baseUrl = serverUrl.replace(/\/$/, '');
  const issuer = resolveIssuer(options, environment, production, serverUrl, problems);
  const isAuthorizationServer = issuer === serverUrl;
  const strippedPathPrefix = options.strippedPathPrefix ?? '';
  const basePath = URL.canParse(baseUrl) ? new URL(baseUrl).pathname.replace(/\/$/, '') : '';
  checkMountedPath(basePath, strippedPathPrefix, context.routePrefix, problems);

  const openIdConnect = resolveOpenIdConnect(options, problems);
  const scopes = resolveScopes(options, openIdConnect, problems);
  checkClients(options, scopes, problems);
  if (isAuthorizationServer) checkRequiredHooks(options, problems);
  const secret = resolveSecret(options, environment, production, problems);
  const rateLimits = resolveRateLimits(options, problems);
  const algorithm = options.tokenSigningAlgorithm ?? 'HS256';
  if (isAuthorizationServer && algorithm !== 'HS256' && options.tokenSigningPrivateKey === undefined) {
    problems.push(
      `tokenSigningAlgorithm is ${algorithm}, so tokenSigningPrivateKey must hold the PEM of its private key`,
    );
  }
  if (problems.length > 0) throw new McpAuthConfigurationError(problems);

  const seconds = (value: number | undefined, fallback: number): number => (value ?? fallback) * 1000;
  return Object.freeze({
    production,
    baseUrl,
    issuer,
    isAuthorizationServer,
    endpoints: Object.freeze({
      ...(Object.fromEntries(OAUTH_ENDPOINTS.map((name) => [name, `${baseUrl}/oauth/${name}`])) as Record<
        (typeof OAUTH_ENDPOINTS)[number],
        string
      >),
      jwks: `${baseUrl}/.well-known/jwks.json`,
    }),
    routePrefix: context.routePrefix,
    strippedPathPrefix,
    resources: [resolveResource(options, environment, baseUrl, strippedPathPrefix)] as const,
    ...secret,
    previousOauthSecrets: options.previousOauthSecrets ?? [],
    accessTokenLifetimeMs: seconds(options.accessTokenLifetime, 3600),
    refreshTokenLifetimeMs: seconds(options.refreshTokenLifetime, 2_592_000),
    authorizationCodeLifetimeMs: seconds(options.authorizationCodeLifetime, 1800),
    refreshTokenReuseGracePeriodMs: seconds(options.refreshTokenReuseGracePeriod, 10),
    ...resolveHooks(options),
    scopes,
    tokenSigning: Object.freeze({
      algorithm,
      privateKey: options.tokenSigningPrivateKey,
      publicKey: options.tokenSigningPublicKey,
      kid: options.tokenSigningKid,
      additionalPublicKeys: (options.tokenSigningAdditionalPublicKeys ?? []).map((key) =>
        typeof key === 'string' ? { key } : key,
      ),
    }),
    dynamicClientRegistration: options.dynamicClientRegistration ?? true,
    clients: options.clients ?? [],
    tokenEndpointAuthMethods: options.tokenEndpointAuthMethods ?? ALL_AUTH_METHODS,
    consentViewPath: resolveConsentView(options),
    requireHttps: production,
    tlsTerminatedByProxy: options.tlsTerminatedByProxy ?? false,
    rateLimits,
    revocation: options.revocation ?? 'polled',
    revocationPollIntervalMs: seconds(options.revocationPollInterval, 1),
    revocationMaxStalenessMs: seconds(options.revocationMaxStaleness, 10),
    cleanup: Object.freeze({
      enabled: options.cleanup?.enabled ?? true,
      cron: options.cleanup?.cron ?? '17 * * * *',
      batchSize: options.cleanup?.batchSize ?? 500,
      unusedClientLifetimeMs: seconds(options.cleanup?.unusedClientLifetime, 7_776_000),
    }),
    onAuditEvent: options.onAuditEvent,
  });
}

function checkRequiredHooks(options: McpAuthOptions, problems: string[]): void {
  if (!options.currentUser) {
    problems.push('currentUser is missing: give a function (request) => the signed-in user, or null');
  }
  if (!options.loginUrl) {
    problems.push(
      'loginUrl is missing: give a function (returnTo) => the URL of your login page, such as `/login?returnTo=${encodeURIComponent(returnTo)}`',
    );
  }
}
