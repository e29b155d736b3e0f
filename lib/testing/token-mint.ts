import { randomUUID } from 'node:crypto';
import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import type { HandleCodec } from '../keys/handle-codec.js';
import { JwtCodec } from '../keys/jwt-codec.js';
import type { KeyRing } from '../keys/key-ring.js';
import { IdTokenIssuer } from '../oidc/id-token.js';
import type { DatabaseClock } from '../storage/database-clock.js';
import type { GrantRepository } from '../storage/grant.repository.js';
import type { GrantRecord, NewGrant } from '../storage/records.js';
import { TokenIssuer } from '../token/token-issuer.js';
import type { TokenResponse } from '../token/token-response.js';
import { foreignKeyRing } from './foreign-key-ring.js';
import { createPkce } from './pkce.js';
import { DEFAULT_REDIRECT_URI } from './redirect-uri.js';
import { resolveIdentity, type TestIdentity } from './test-identity.js';

/** What a token is to say. */
export interface TestTokenOptions extends TestIdentity {
  /** Seconds that the access token is good for. Default: `accessTokenLifetime` of the application. */
  lifetime?: number;
}

/** What the mint takes out of the application. */
export interface MintParts {
  config: McpAuthConfig;
  keyRing: KeyRing;
  handles: HandleCodec;
  grants: GrantRepository;
  clock: DatabaseClock;
}

/** Issues tokens as the token endpoint does, from a grant that nobody had to consent to. */
export class TokenMint {
  constructor(private readonly parts: MintParts) {}

  /**
   * Stores a redeemed grant and signs its tokens.
   *
   * @param isExpired issued so long ago that the access token's last second is over
   */
  async mint(
    options: TestTokenOptions,
    { withRefreshToken = false, isExpired = false } = {},
  ): Promise<TokenResponse> {
    const { config, keyRing, grants, clock } = this.parts;
    if (!keyRing.signingKey) {
      throw new Error(
        'This application verifies tokens and signs none: it has no private key. Use withPrincipal() instead',
      );
    }
    const lifetimeMs = lifetimeOf(options, config);
    const issuedAt = isExpired ? clock.now() - lifetimeMs - 1000 : clock.now();
    const born = this.grantOf(options, issuedAt);
    const refreshExpiresAt = withRefreshToken ? issuedAt + config.refreshTokenLifetimeMs : null;
    await grants.insert(born);
    await grants.redeem({ grantId: born.id, clientId: born.clientId, now: issuedAt, refreshExpiresAt });
    return this.sign(keyRing, born, lifetimeMs, withRefreshToken);
  }

  /** The same claims, signed by somebody else. Such a token is refused at its signature: no row is ever looked for. */
  foreign(options: TestTokenOptions): TokenResponse {
    const { config, keyRing, clock } = this.parts;
    const born = this.grantOf(options, clock.now());
    return this.sign(foreignKeyRing(keyRing), born, lifetimeOf(options, config), false);
  }

  private grantOf(options: TestTokenOptions, createdAt: number): NewGrant {
    const { userId, orgId, scopes, resource, clientId } = resolveIdentity(options, this.parts.config);
    return {
      id: randomUUID(),
      clientId,
      userId,
      orgId,
      scope: scopes.join(' '),
      resources: [resource.url],
      redirectUri: DEFAULT_REDIRECT_URI,
      codeChallenge: createPkce().challenge,
      nonce: null,
      authTime: null,
      dpopJkt: null,
      clientMetadataDigest: null,
      codeExpiresAt: createdAt + this.parts.config.authorizationCodeLifetimeMs,
      createdAt,
    };
  }

  private sign(
    ring: Pick<KeyRing, 'signingKey' | 'find'>,
    born: NewGrant,
    accessTokenLifetimeMs: number,
    withRefreshToken: boolean,
  ): TokenResponse {
    const config = { ...this.parts.config, accessTokenLifetimeMs };
    const jwt = new JwtCodec(ring);
    const issuer = new TokenIssuer(jwt, this.parts.handles, new IdTokenIssuer(jwt, config), config);
    const grant: GrantRecord = {
      ...born,
      codeRedeemedAt: born.createdAt,
      refreshGeneration: withRefreshToken ? 1 : 0,
      refreshedAt: born.createdAt,
      refreshExpiresAt: null,
      revokedAt: null,
      revokedReason: null,
    };
    return issuer.issue({
      grant,
      scopes: born.scope.split(' ').filter(Boolean),
      resource: born.resources[0] ?? '',
      user: {},
      generation: withRefreshToken ? 1 : null,
      nonce: null,
      now: born.createdAt,
    });
  }
}

function lifetimeOf({ lifetime }: TestTokenOptions, config: McpAuthConfig): number {
  if (lifetime === undefined) return config.accessTokenLifetimeMs;
  if (Number.isSafeInteger(lifetime) && lifetime > 0) return lifetime * 1000;
  throw new Error(`lifetime is ${lifetime}: give a whole number of seconds above 0, or use expiredToken()`);
}
