import { AuthorizationFlowError } from './authorization-flow.error.js';

/** What the client was told by redirect (RFC 6749, section 4.1.2). */
export interface AuthorizationRefusal {
  /** OAuth error code: `access_denied` when the user said no. */
  error: string;
  /** One sentence for the client's developer. */
  errorDescription: string | undefined;
}

/** An authorization response that passed the checks of a careful client. */
export type AuthorizationResponse = { code: string } | AuthorizationRefusal;

/**
 * Reads the redirect back to a client, and checks `state` and `iss` as a client has to (RFC 9207, section 2.4).
 *
 * @throws {AuthorizationFlowError}
 */
export function readAuthorizationResponse(
  location: string,
  expected: { state: string; issuer: string },
): AuthorizationResponse {
  const { searchParams } = new URL(location);
  const fail = (problem: string): never => {
    throw new AuthorizationFlowError('consent', problem, { body: location });
  };
  if (searchParams.get('state') !== expected.state)
    fail('the state that came back is not the one that was sent');
  const issuer = searchParams.get('iss');
  if (issuer !== expected.issuer) fail(`iss is ${issuer}, but the issuer is ${expected.issuer}`);
  const error = searchParams.get('error');
  if (error !== null) {
    return { error, errorDescription: searchParams.get('error_description') ?? undefined };
  }
  return { code: searchParams.get('code') ?? fail('the redirect holds neither code nor error') };
}
