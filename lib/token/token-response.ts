/** A successful token response (RFC 6749, section 5.1). */
export interface TokenResponse {
  access_token: string;
  token_type: 'Bearer';
  /** Seconds. */
  expires_in: number;
  /** Always present: clients in the field take its absence for "none". */
  scope: string;
  refresh_token?: string;
  id_token?: string;
}
