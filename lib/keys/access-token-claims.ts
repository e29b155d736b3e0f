/** JOSE `typ` of an access token (RFC 9068, section 2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** Claims of an access token: the JWT profile of RFC 9068, and the grant that it belongs to. */
export interface AccessTokenClaims {
  iss: string;
  sub: string;
  /** The one resource that accepts it, in canonical form. */
  aud: string;
  /** Seconds since the epoch. */
  exp: number;
  /** Seconds since the epoch. */
  iat: number;
  jti: string;
  client_id: string;
  scope: string;
  grant_id: string;
  /** Milliseconds since the epoch: what a revocation of the whole client or user is compared with. */
  grant_created_at: number;
  /** Organization that the user acted for. */
  org?: string;
}
