import type { IncomingHttpHeaders } from 'node:http';
import type { TokenEndpointAuthMethod } from '../config/mcp-auth-options.js';
import { OAuthError } from '../http/oauth-error.js';
import type { Parameters } from '../http/parameters.js';

/** How a client says who it is. */
export interface ClientCredentials {
  clientId: string;
  secret: string | undefined;
  method: TokenEndpointAuthMethod;
}

export function invalidClient(description = 'Client authentication failed'): OAuthError {
  return new OAuthError('invalid_client', description, 401, { 'WWW-Authenticate': 'Basic realm="oauth"' });
}

/**
 * Reads client credentials from the Authorization header or the body (RFC 6749, section 2.3.1).
 *
 * @throws {OAuthError} `invalid_request` for two methods in one request, `invalid_client` for none or a broken one
 */
export function parseClientCredentials(
  headers: IncomingHttpHeaders,
  parameters: Parameters,
): ClientCredentials {
  const bodyId = parameters.get('client_id');
  const bodySecret = parameters.get('client_secret');
  if (headers.authorization === undefined) {
    if (bodyId === undefined) throw invalidClient('The request names no client');
    return {
      clientId: bodyId,
      secret: bodySecret,
      method: bodySecret === undefined ? 'none' : 'client_secret_post',
    };
  }
  const basic = parseBasic(headers.authorization);
  if (bodySecret !== undefined) {
    throw new OAuthError('invalid_request', 'The request uses more than one client authentication method');
  }
  if (bodyId !== undefined && bodyId !== basic.clientId) {
    throw new OAuthError('invalid_request', 'client_id differs from the one in the Authorization header');
  }
  return basic;
}

/** The client that a request says it comes from, before anything is verified; undefined when it says none. */
export function claimedClientId(headers: IncomingHttpHeaders, parameters: Parameters): string | undefined {
  try {
    return parseClientCredentials(headers, parameters).clientId;
  } catch {
    return undefined;
  }
}

function parseBasic(authorization: string): ClientCredentials {
  const encoded = /^basic +([a-z0-9+/]+={0,2})$/i.exec(authorization.trim())?.[1];
  if (encoded === undefined)
    throw invalidClient('The Authorization header is not valid Basic authentication');
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) {
    throw invalidClient('The Authorization header is not valid Base64');
  }
  const pair = bytes.toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 0) throw invalidClient('The Authorization header has no password');
  const clientId = formDecode(pair.slice(0, colon));
  const secret = formDecode(pair.slice(colon + 1));
  if (clientId === '') throw invalidClient('The request names no client');
  // Public clients in the field send `id:` with an empty password: they present no secret, so they use no method.
  return secret === ''
    ? { clientId, secret: undefined, method: 'none' }
    : { clientId, secret, method: 'client_secret_basic' };
}

/** Both halves are form-encoded before Base64 (RFC 6749, section 2.3.1). */
function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidClient('The Authorization header is not form-encoded');
  }
}
