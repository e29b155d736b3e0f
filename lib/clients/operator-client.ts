import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import { parseScope } from '../config/scope-registry.js';
import { OAuthError } from '../http/oauth-error.js';
import { cleanClientName } from './client-name.js';
import {
  readAuthMethod,
  readClientUri,
  readRedirectUris,
  type RegistrationRequest,
} from './registration-request.js';

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** A client as the operator describes it. */
export interface NewOperatorClient {
  /** Shown on the consent page. */
  clientName: string;
  /** At least one, except for a resource server, which only introspects. */
  redirectUris?: readonly string[];
  /** Web page of the client. */
  clientUri?: string;
  /** Space-separated ceiling of what it may be granted. Default: every scope. */
  scope?: string;
  /** Default: `client_secret_basic`, a confidential client. `none` makes it a public one. */
  tokenEndpointAuthMethod?: string;
  /** May introspect tokens that were issued to other clients. Default: false. */
  allowIntrospection?: boolean;
}

/**
 * Reads what the operator wants by the rules of dynamic registration, except that nothing is left out quietly: the
 * operator can correct it.
 *
 * @param knowsScopes false when the application's scopes are not at hand: then any scope token passes
 * @throws {OAuthError} `invalid_client_metadata` or `invalid_redirect_uri`
 */
export function parseOperatorClient(
  client: NewOperatorClient,
  config: Pick<McpAuthConfig, 'scopes' | 'tokenEndpointAuthMethods'>,
  knowsScopes: boolean,
): Omit<RegistrationRequest, 'scope'> & { scope: string | null } {
  const metadata = {
    client_uri: client.clientUri,
    redirect_uris: client.redirectUris,
    token_endpoint_auth_method: client.tokenEndpointAuthMethod ?? 'client_secret_basic',
  };
  const tokenEndpointAuthMethod = readAuthMethod(metadata, config.tokenEndpointAuthMethods);
  if (client.allowIntrospection && tokenEndpointAuthMethod === 'none') {
    throw refused('A client that may introspect needs a secret: it cannot be public');
  }
  const introspectsOnly = client.allowIntrospection && (client.redirectUris ?? []).length === 0;
  const clientUri = readClientUri(metadata);
  if (client.clientUri !== undefined && clientUri === null) {
    throw refused('client_uri must be an http(s) URL without credentials');
  }
  return {
    clientName: cleanClientName(client.clientName),
    clientUri,
    redirectUris: introspectsOnly ? [] : readRedirectUris(metadata),
    grantTypes: ['authorization_code', 'refresh_token'],
    tokenEndpointAuthMethod,
    scope: readCeiling(client.scope, knowsScopes ? config.scopes : null),
    applicationType: null,
  };
}

function readCeiling(scope: string | undefined, known: McpAuthConfig['scopes'] | null): string | null {
  const asked = parseScope(scope);
  // An empty one is a variable that nobody set, not the wish for every scope.
  if (scope !== undefined && asked.length === 0)
    throw refused('scope is empty; leave it out for every scope');
  if (asked.some((token) => !SCOPE_TOKEN.test(token))) {
    throw refused('scope must be printable ASCII without quotes and backslashes (RFC 6749, section 3.3)');
  }
  const unknown = asked.filter((token) => known && !known.has(token));
  if (unknown.length > 0) {
    throw refused(`scope names ${unknown.join(' ')}, but known are only: ${known?.keys.join(' ')}`);
  }
  return asked.length > 0 ? asked.join(' ') : null;
}

function refused(description: string): OAuthError {
  return new OAuthError('invalid_client_metadata', description);
}
