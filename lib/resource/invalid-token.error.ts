/** Why an access token is not accepted, in one word for the log. */
export type InvalidTokenReason =
  'malformed' | 'bad_signature' | 'wrong_issuer' | 'expired' | 'not_yet_valid' | 'wrong_audience' | 'revoked';

/** An access token that is not accepted. The client learns no more than that. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';

  constructor(readonly reason: InvalidTokenReason) {
    super(`Token validation failed: ${reason}`);
  }
}
