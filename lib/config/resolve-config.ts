import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { McpAuthConfigurationError } from './configuration.error.js';
import { OAUTH_ENDPOINTS, type McpAuthConfig, type ProtectedResource } from './mcp-auth-config.js';
import type { McpAuthOptions, TokenEndpointAuthMethod } from './mcp-auth-options.js';
import { validateOptionShapes } from './options.validator.js';
import { DEFAULT_SCOPES, OPENID_SCOPES, parseScope, ScopeRegistry } from './scope-registry.js';
import { secretProblem } from './secret-strength.js';
import { isLoopbackHost, serverUrlProblem } from './server-url.js';
import { resolveHooks } from './resolve-hooks.js';

const SECRET_REMEDY =
  'set MCP_HMAC_SECRET (or oauthSecret) to at least 32 random bytes, for example from `openssl rand -base64 32`';
const ALL_AUTH_METHODS: readonly TokenEndpointAuthMethod[] = [
  'none',
  'client_secret_basic',
  'client_secret_post',
];
const logger = new Logger('McpAuth');

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
  const oauthSecret = resolveSecret(options, environment, production, problems);
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
    oauthSecret,
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
    consentViewPath: options.useCustomConsentView
      ? resolve(options.consentViewPath ?? 'views/mcp-auth/consent.hbs')
      : undefined,
    requireHttps: production,
    tlsTerminatedByProxy: options.tlsTerminatedByProxy ?? false,
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

function resolveServerUrl(
  options: McpAuthOptions,
  environment: NodeJS.ProcessEnv,
  production: boolean,
  problems: string[],
): string {
  const configured = options.serverUrl ?? (environment.MCP_SERVER_URL || undefined);
  if (configured === undefined) {
    if (production) {
      problems.push(
        "serverUrl is missing: in production set it (or MCP_SERVER_URL) to the public base URL, such as 'https://app.example.com'",
      );
    }
    return `http://localhost:${environment.PORT || '3000'}`;
  }
  const problem = serverUrlProblem(configured, production);
  if (problem) problems.push(`serverUrl (MCP_SERVER_URL) ${problem}`);
  return configured;
}

function resolveIssuer(
  options: McpAuthOptions,
  environment: NodeJS.ProcessEnv,
  production: boolean,
  serverUrl: string,
  problems: string[],
): string {
  const configured =
    options.authorizationServerUrl ?? (environment.MCP_AUTHORIZATION_SERVER_URL || undefined);
  if (configured === undefined || configured === serverUrl) return serverUrl;
  const problem = serverUrlProblem(configured, production);
  if (problem) problems.push(`authorizationServerUrl (MCP_AUTHORIZATION_SERVER_URL) ${problem}`);
  return configured;
}

function checkMountedPath(basePath: string, stripped: string, routePrefix: string, problems: string[]): void {
  if (stripped && basePath !== stripped && !basePath.startsWith(`${stripped}/`)) {
    problems.push(`strippedPathPrefix is '${stripped}', but the path of serverUrl does not begin with it`);
    return;
  }
  const expected = basePath.slice(stripped.length);
  if (expected !== routePrefix) {
    problems.push(
      `serverUrl advertises '${basePath}/oauth/...', but the endpoints are mounted at '${routePrefix}/oauth/...': ` +
        `pass routePrefix: '${expected}' beside useFactory, or, when a proxy removes the prefix, ` +
        `set strippedPathPrefix: '${basePath}'`,
    );
  }
}

function resolveResource(
  options: McpAuthOptions,
  environment: NodeJS.ProcessEnv,
  baseUrl: string,
  strippedPathPrefix: string,
): ProtectedResource {
  const path = options.mcpServerPath ?? (environment.MCP_SERVER_PATH || '/mcp/api');
  const docs = options.mcpDocsUrl ?? (environment.MCP_DOCS_URL || `${path}/docs`);
  const { origin, pathname } = new URL(baseUrl);
  const externalPath = `${pathname.replace(/\/$/, '')}${path}`;
  return Object.freeze({
    url: `${origin}${externalPath}`,
    path: externalPath.slice(strippedPathPrefix.length),
    metadataUrl: `${origin}/.well-known/oauth-protected-resource${externalPath}`,
    documentationUrl: /^https?:\/\//.test(docs)
      ? docs
      : `${baseUrl}${docs.startsWith('/') ? '' : '/'}${docs}`,
    name: options.mcpServerName,
  });
}

function resolveSecret(
  options: McpAuthOptions,
  environment: NodeJS.ProcessEnv,
  production: boolean,
  problems: string[],
): string {
  const secret = options.oauthSecret ?? (environment.MCP_HMAC_SECRET || undefined);
  for (const [index, previous] of (options.previousOauthSecrets ?? []).entries()) {
    const problem = secretProblem(previous);
    if (problem && production) problems.push(`previousOauthSecrets[${index}] ${problem}; remove it`);
  }
  if (secret !== undefined) {
    const problem = secretProblem(secret);
    if (problem && production) problems.push(`oauthSecret ${problem}: ${SECRET_REMEDY}`);
    else if (problem) logger.warn(`oauthSecret ${problem}; production refuses it: ${SECRET_REMEDY}`);
    return secret;
  }
  if (production) problems.push(`oauthSecret is missing: ${SECRET_REMEDY}`);
  else logger.warn(`oauthSecret is missing, so tokens die with this process: ${SECRET_REMEDY}`);
  return randomBytes(32).toString('base64url');
}

function resolveOpenIdConnect(options: McpAuthOptions, problems: string[]): boolean {
  const asymmetric = (options.tokenSigningAlgorithm ?? 'HS256') !== 'HS256';
  if (options.openIdConnect && !asymmetric) {
    problems.push(
      'openIdConnect needs tokenSigningAlgorithm RS256 or ES256: a client could not verify an id_token signed with HS256',
    );
  }
  return options.openIdConnect ?? asymmetric;
}

function resolveScopes(options: McpAuthOptions, openIdConnect: boolean, problems: string[]): ScopeRegistry {
  const scopes = options.scopes ?? DEFAULT_SCOPES;
  const seen = new Set<string>();
  for (const { key } of scopes) {
    if (seen.has(key)) problems.push(`scopes lists '${key}' twice`);
    if (OPENID_SCOPES.some((scope) => scope.key === key) || key === 'offline_access') {
      problems.push(`scopes must not define '${key}': the module does, see openIdConnect`);
    }
    seen.add(key);
  }
  for (const { key, implies } of scopes) {
    for (const implied of implies ?? []) {
      if (!seen.has(implied)) problems.push(`scopes: '${key}' implies '${implied}', which is not listed`);
    }
  }
  return new ScopeRegistry(scopes, openIdConnect ? OPENID_SCOPES : []);
}

function checkClients(options: McpAuthOptions, scopes: ScopeRegistry, problems: string[]): void {
  const seen = new Set<string>();
  for (const client of options.clients ?? []) {
    const name = `clients: '${client.clientId}'`;
    if (seen.has(client.clientId)) problems.push(`${name} is listed twice`);
    seen.add(client.clientId);
    const unknown = parseScope(client.scope).filter((scope) => !scopes.has(scope));
    if (unknown.length > 0) problems.push(`${name} names unknown scopes: ${unknown.join(' ')}`);
    if ((client.redirectUris ?? []).length === 0 && !client.allowIntrospection) {
      problems.push(`${name} needs redirectUris (or allowIntrospection, for a resource server)`);
    }
    if (client.allowIntrospection && client.clientSecret === undefined) {
      problems.push(`${name} may introspect, so it needs a clientSecret`);
    }
  }
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

/** Whether a request may come over plain http even in production: the server itself is only reachable on this machine. */
export function isLoopbackServer(config: Pick<McpAuthConfig, 'baseUrl'>): boolean {
  return isLoopbackHost(new URL(config.baseUrl).hostname);
}
