/** A registered client, as the repositories hand it out. */
export interface ClientRecord {
  clientId: string;
  /** Lower-case hex SHA-256 of the secret; null for a public client. */
  secretDigest: string | null;
  clientName: string;
  clientUri: string | null;
  redirectUris: readonly string[];
  grantTypes: readonly string[];
  tokenEndpointAuthMethod: string;
  /** Registered default scope. */
  scope: string | null;
  applicationType: string | null;
  createdAt: number;
  /** When cleanup first saw it without any grant; null while it is in use. */
  markedAt: number | null;
  /** Null when it registered itself. */
  registeredBy: 'operator' | null;
  /** May introspect tokens of other clients. */
  allowIntrospection: boolean;
}

/** One authorization of one client by one user, from consent to the last refresh. */
export interface GrantRecord {
  id: string;
  clientId: string;
  userId: string;
  orgId: string | null;
  scope: string;
  resources: readonly string[];
  redirectUri: string;
  codeChallenge: string;
  nonce: string | null;
  authTime: number | null;
  dpopJkt: string | null;
  clientMetadataDigest: string | null;
  codeExpiresAt: number;
  codeRedeemedAt: number | null;
  /** 0 until the code is redeemed, then the generation of the newest refresh token, from 1. */
  refreshGeneration: number;
  refreshedAt: number | null;
  /** Null when no refresh token was issued. */
  refreshExpiresAt: number | null;
  revokedAt: number | null;
  revokedReason: string | null;
  createdAt: number;
}

/** What a grant is born with; the rest is null or 0. */
export type NewGrant = Omit<
  GrantRecord,
  'codeRedeemedAt' | 'refreshGeneration' | 'refreshedAt' | 'refreshExpiresAt' | 'revokedAt' | 'revokedReason'
>;

/** `token`: subject is a jti. `client`, `user`: subject is the lower-case hex SHA-256 of the id. */
export type RevocationKind = 'token' | 'client' | 'user';

/** An entry of the append-only revocation log. */
export interface RevocationEntry {
  id: string;
  kind: RevocationKind;
  subject: string;
  /** A `client` or `user` entry kills tokens whose grant was created at or before this instant. */
  at: number;
  /** From this instant on no token can be alive that the entry kills. */
  until: number;
}

/** A grant that was revoked, as the revocation log reports it. */
export interface RevokedGrant {
  grantId: string;
  revokedAt: number;
}
