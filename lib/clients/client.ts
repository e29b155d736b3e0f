import type { TokenEndpointAuthMethod } from '../config/mcp-auth-options.js';

/** A client, wherever its registration lives. */
export interface Client {
  readonly clientId: string;
  readonly clientName: string;
  readonly clientUri: string | null;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  readonly tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  /** Lower-case hex SHA-256 of the secret; null for a public client. */
  readonly secretDigest: string | null;
  /** Registered scope; null for none. */
  readonly scope: string | null;
  /** The registered scope is a ceiling (operator-registered), not just a default (self-registered). */
  readonly scopeIsCeiling: boolean;
  /** The operator registered it. */
  readonly isVerified: boolean;
  readonly mayIntrospect: boolean;
  /** SHA-256 over what a user agrees to: name, page, redirect URIs. */
  readonly metadataDigest: string;
  /** Cleanup has marked it as unused. */
  readonly isMarked: boolean;
}
