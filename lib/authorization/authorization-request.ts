import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import { OAuthError } from '../http/oauth-error.js';
import type { Parameters } from '../http/parameters.js';
import type { Client } from '../clients/client.js';
import { isCodeChallenge } from '../clients/pkce.js';
import { canonicalResource } from '../config/canonical-resource.js';
import { requestedScopes } from './effective-scope.js';

const PROMPTS: readonly string[] = ['none', 'login', 'consent', 'select_account'];
const MAX_STATE_LENGTH = 8192;

/** An authorization request that was checked: everything but who the user is. */
export interface AuthorizationRequest {
  client: Client;
  redirectUri: string;
  state: string | undefined;
  scopes: string[];
  resources: string[];
  codeChallenge: string;
  nonce: string | undefined;
  prompts: ReadonlySet<string>;
  /** Milliseconds; undefined for any age. */
  maxAgeMs: number | undefined;
}

/**
 * Checks what may be reported to the client, once its redirect URI is known to be its own.
 *
 * @throws {OAuthError} to be sent as an error redirect
 */
export function parseAuthorizationRequest(
  parameters: Parameters,
  client: Client,
  redirectUri: string,
  config: Pick<McpAuthConfig, 'scopes' | 'resources'>,
): AuthorizationRequest {
  const invalid = (description: string): OAuthError => new OAuthError('invalid_request', description);
  const responseType = parameters.get('response_type');
  if (responseType === undefined) throw invalid('response_type is missing');
  if (responseType !== 'code')
    throw new OAuthError('unsupported_response_type', 'response_type must be code');
  if ((parameters.get('response_mode') ?? 'query') !== 'query') throw invalid('response_mode must be query');
  if (parameters.has('request') || parameters.has('request_uri'))
    throw invalid('Request objects are not supported');
  if (!client.grantTypes.includes('authorization_code')) {
    throw new OAuthError('unauthorized_client', 'The client is not registered for authorization_code');
  }
  const codeChallenge = parameters.get('code_challenge');
  if (codeChallenge === undefined) throw invalid('code_challenge is missing: PKCE is required');
  if (parameters.get('code_challenge_method') !== 'S256') throw invalid('code_challenge_method must be S256');
  if (!isCodeChallenge(codeChallenge)) throw invalid('code_challenge must be 43 characters of base64url');
  const state = parameters.get('state');
  if ((state?.length ?? 0) > MAX_STATE_LENGTH)
    throw invalid(`state is longer than ${MAX_STATE_LENGTH} characters`);
  return {
    client,
    redirectUri,
    state,
    scopes: requestedScopes(parameters.get('scope'), client, config.scopes),
    resources: requestedResources(parameters.getAll('resource'), config),
    codeChallenge,
    nonce: parameters.get('nonce'),
    prompts: parsePrompts(parameters.get('prompt')),
    maxAgeMs: parseMaxAge(parameters.get('max_age')),
  };
}

/** Resource indicators of a request as known resources; the default one when there is none. */
function requestedResources(asked: readonly string[], config: Pick<McpAuthConfig, 'resources'>): string[] {
  if (asked.length === 0) return [config.resources[0].url];
  return [
    ...new Set(
      asked.map((uri) => {
        const canonical = canonicalResource(uri);
        const known = config.resources.find((resource) => resource.url === canonical);
        if (!known) throw new OAuthError('invalid_target', 'resource is not a resource of this server');
        return known.url;
      }),
    ),
  ];
}

function parsePrompts(prompt: string | undefined): ReadonlySet<string> {
  const prompts = new Set((prompt ?? '').split(' ').filter(Boolean));
  const unknown = [...prompts].some((value) => !PROMPTS.includes(value));
  if (unknown || (prompts.has('none') && prompts.size > 1)) {
    throw new OAuthError(
      'invalid_request',
      `prompt must be none alone, or of ${PROMPTS.slice(1).join(', ')}`,
    );
  }
  return prompts;
}

function parseMaxAge(maxAge: string | undefined): number | undefined {
  if (maxAge === undefined) return undefined;
  if (!/^\d{1,9}$/.test(maxAge))
    throw new OAuthError('invalid_request', 'max_age must be a number of seconds');
  return Number(maxAge) * 1000;
}
