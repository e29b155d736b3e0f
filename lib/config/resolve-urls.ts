import type { McpAuthConfig, ProtectedResource } from './mcp-auth-config.js';
import type { McpAuthOptions } from './mcp-auth-options.js';
import { isLoopbackHost, serverUrlProblem } from './server-url.js';

export function resolveServerUrl(
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

export function resolveIssuer(
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

export function checkMountedPath(
  basePath: string,
  stripped: string,
  routePrefix: string,
  problems: string[],
): void {
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

export function resolveResource(
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

/** Whether a request may come over plain http even in production: the server itself is only reachable on this machine. */
export function isLoopbackServer(config: Pick<McpAuthConfig, 'baseUrl'>): boolean {
  return isLoopbackHost(new URL(config.baseUrl).hostname);
}
