import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import type { McpUserData } from '../config/mcp-auth-options.js';
import { parseScope } from '../config/scope-registry.js';
import type { AccessTokenClaims } from '../keys/access-token-claims.js';

/** A user's API key, as `fetchUserData` returned it. */
export interface McpApiKey {
  /** Its identifier. */
  id: string | undefined;
  /** The key itself. */
  secret: string | undefined;
}

/**
 * Who is calling, and what they may do.
 *
 * @example
 * @Post()
 * add(@McpUser() principal: McpPrincipal) {
 *   return this.notes.add(principal.userId, ...);
 * }
 */
export class McpPrincipal {
  /** The user on whose behalf the client calls: `sub` of the token. */
  readonly userId: string;
  /** Organization that the user acts for. */
  readonly orgId: string | null;
  /** The client that calls. */
  readonly clientId: string;
  /** Space-separated. */
  readonly scope: string;
  /** The same, one by one. */
  readonly scopes: readonly string[];
  /** The resource that the token is for. */
  readonly resource: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** Identifier of the token (`jti`). */
  readonly tokenId: string;
  /** The authorization that the token came from. */
  readonly grantId: string;
  readonly #token: string;
  readonly #config: Pick<McpAuthConfig, 'fetchUserData' | 'scopes'>;
  #userData: Promise<McpUserData | null> | undefined;

  /** @internal */
  constructor(
    token: string,
    claims: AccessTokenClaims,
    config: Pick<McpAuthConfig, 'fetchUserData' | 'scopes'>,
  ) {
    this.userId = claims.sub;
    this.orgId = claims.org ?? null;
    this.clientId = claims.client_id;
    this.scope = claims.scope;
    this.scopes = parseScope(claims.scope);
    this.resource = claims.aud;
    this.expiresAt = claims.exp;
    this.tokenId = claims.jti;
    this.grantId = claims.grant_id;
    this.#token = token;
    this.#config = config;
  }

  /** The access token itself. Not a member that is enumerated, so that logging a principal does not log it. */
  get token(): string {
    return this.#token;
  }

  /** Whether each of these scopes is granted, directly or implied by a broader one. */
  hasScope(...scopes: string[]): boolean {
    return this.#config.scopes.satisfies(this.scopes, scopes);
  }

  /** What `fetchUserData` knows, asked once per request and only when somebody wants it. Null when the user is gone. */
  userData(): Promise<McpUserData | null> {
    this.#userData ??= this.#config.fetchUserData(this.userId, this.orgId, {
      clientId: this.clientId,
      scope: this.scope,
    });
    return this.#userData;
  }

  /** E-mail address, by `fetchUserData`. */
  async email(): Promise<string | undefined> {
    return (await this.userData())?.email;
  }

  /** The user's own API key, by `fetchUserData`; undefined when there is none. */
  async apiKey(): Promise<McpApiKey | undefined> {
    const data = await this.userData();
    if (data?.apiKeyId === undefined && data?.apiKeySecret === undefined) return undefined;
    return { id: data.apiKeyId, secret: data.apiKeySecret };
  }
}
