import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import type { TokenEndpointAuthMethod } from '../config/mcp-auth-options.js';
import { parseScope } from '../config/scope-registry.js';
import { OAuthError } from '../http/oauth-error.js';
import { cleanClientName } from './client-name.js';
import { checkRedirectUri } from './redirect-uri.js';

const MAX_REDIRECT_URIS = 20;
const MAX_SCOPE_LENGTH = 1000;
const MAX_URI_LENGTH = 2000;
const GRANT_TYPES: readonly string[] = ['authorization_code', 'refresh_token'];

/** Client metadata (RFC 7591, section 2) as this server understood it. */
export interface RegistrationRequest {
  clientName: string;
  clientUri: string | null;
  redirectUris: string[];
  grantTypes: string[];
  tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  scope: string;
  applicationType: string | null;
}

/**
 * Reads client metadata. Unknown members are ignored, hostile names are cleaned, and whatever decides about security is
 * refused when it is wrong.
 *
 * @throws {OAuthError} `invalid_client_metadata` or `invalid_redirect_uri` (RFC 7591, section 3.2.2)
 */
export function parseRegistration(
  metadata: Record<string, unknown>,
  config: Pick<McpAuthConfig, 'scopes' | 'tokenEndpointAuthMethods'>,
): RegistrationRequest {
  const grantTypes = readList(metadata, 'grant_types') ?? [...GRANT_TYPES];
  const unsupported = grantTypes.filter((type) => !GRANT_TYPES.includes(type));
  if (unsupported.length > 0) throw refused(`grant_types may hold ${GRANT_TYPES.join(' and ')} only`);
  if (!grantTypes.includes('authorization_code'))
    throw refused('grant_types must contain authorization_code');
  const responseTypes = readList(metadata, 'response_types') ?? ['code'];
  if (responseTypes.length !== 1 || responseTypes[0] !== 'code')
    throw refused('response_types must be ["code"]');
  return {
    clientName: cleanClientName(readString(metadata, 'client_name', 10_000)),
    clientUri: readClientUri(metadata),
    redirectUris: readRedirectUris(metadata),
    grantTypes,
    tokenEndpointAuthMethod: readAuthMethod(metadata, config.tokenEndpointAuthMethods),
    scope: readScope(metadata, config.scopes),
    applicationType: readApplicationType(metadata),
  };
}

function refused(description: string): OAuthError {
  return new OAuthError('invalid_client_metadata', description);
}

function readString(metadata: Record<string, unknown>, name: string, maxLength: number): string | undefined {
  const value = metadata[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw refused(`${name} must be a string`);
  if (value.length > maxLength) throw refused(`${name} is too long`);
  return value;
}

function readList(metadata: Record<string, unknown>, name: string): string[] | undefined {
  const value = metadata[name];
  if (value === undefined || value === null) return undefined;
  const list: unknown[] = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [null];
  const strings = list.filter((item) => typeof item === 'string');
  if (strings.length !== list.length) throw refused(`${name} must be an array of strings`);
  return [...new Set(strings)];
}

export function readRedirectUris(metadata: Record<string, unknown>): string[] {
  const uris = readList(metadata, 'redirect_uris') ?? [];
  if (uris.length === 0)
    throw new OAuthError('invalid_redirect_uri', 'redirect_uris must hold at least one URI');
  if (uris.length > MAX_REDIRECT_URIS) {
    throw new OAuthError('invalid_redirect_uri', `redirect_uris may hold at most ${MAX_REDIRECT_URIS} URIs`);
  }
  for (const [index, uri] of uris.entries()) {
    const problem = checkRedirectUri(uri);
    // By position, not by value: the value may be anything.
    if (problem) throw new OAuthError('invalid_redirect_uri', `redirect_uris[${index}] ${problem}`);
  }
  return uris;
}

export function readAuthMethod(
  metadata: Record<string, unknown>,
  offered: readonly TokenEndpointAuthMethod[],
): TokenEndpointAuthMethod {
  const method = readString(metadata, 'token_endpoint_auth_method', 64);
  const preferred = offered.includes('none') ? 'none' : (offered[0] ?? 'none');
  if (method === undefined) return preferred;
  const found = offered.find((candidate) => candidate === method);
  if (!found) throw refused(`token_endpoint_auth_method must be one of: ${offered.join(', ')}`);
  return found;
}

function readScope(metadata: Record<string, unknown>, scopes: McpAuthConfig['scopes']): string {
  const asked = scopes.known(parseScope(readString(metadata, 'scope', MAX_SCOPE_LENGTH)));
  return (asked.length > 0 ? asked : scopes.resourceKeys).join(' ');
}

/** For people to look at, so a wrong one is left out instead of costing the registration. */
export function readClientUri(metadata: Record<string, unknown>): string | null {
  const uri = metadata.client_uri;
  if (typeof uri !== 'string' || uri.length > MAX_URI_LENGTH) return null;
  const url = parseUrl(uri);
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url.href : null;
}

/** Not by URL.canParse, which in Node 20 refuses text such as `https://café.example` after some thousand calls. */
function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function readApplicationType(metadata: Record<string, unknown>): string | null {
  const type = readString(metadata, 'application_type', 64) ?? null;
  if (type !== null && type !== 'native' && type !== 'web')
    throw refused('application_type must be native or web');
  return type;
}
