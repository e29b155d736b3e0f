import { jsonAnswer, type HttpAnswer } from './http-answer.js';

/** Error codes of RFC 6749, 6750, 7009, 7591, 8707 and OpenID Connect Core that this server sends. */
export type OAuthErrorCode =
  | 'access_denied'
  | 'consent_required'
  | 'insufficient_scope'
  | 'invalid_client'
  | 'invalid_client_metadata'
  | 'invalid_grant'
  | 'invalid_redirect_uri'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_token'
  | 'login_required'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type';

/** A refusal in the protocol's own shape. The description is for the client's developer and names no internal. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';

  constructor(
    readonly code: OAuthErrorCode,
    readonly description: string,
    readonly status = 400,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${code}: ${description}`);
  }

  toAnswer(): HttpAnswer {
    return jsonAnswer(
      this.status,
      { error: this.code, error_description: this.description },
      { ...this.headers },
    );
  }
}
