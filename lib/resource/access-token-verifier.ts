import { Inject, Injectable } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims } from '../keys/access-token-claims.js';
import { InvalidJwtError, JwtCodec, type JwtClaims } from '../keys/jwt-codec.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { InvalidTokenError } from './invalid-token.error.js';
import { RevocationFeed } from './revocation-feed.js';
import { VerifiedTokenCache } from './verified-token-cache.js';

/** Seconds that an issuer's clock may be ahead. */
const CLOCK_TOLERANCE = 60;
const MAX_TOKEN_LENGTH = 16_384;

/** Decides whether an access token is good, here and now (RFC 9068, section 4). */
@Injectable()
export class AccessTokenVerifier {
  private readonly cache = new VerifiedTokenCache();

  constructor(
    private readonly jwt: JwtCodec,
    private readonly feed: RevocationFeed,
    private readonly clock: DatabaseClock,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /**
   * @param resource the resource that was asked; any of ours when left out
   * @throws {InvalidTokenError}
   * @throws {StorageUnavailableError} when nobody can tell whether the token was revoked
   */
  async verify(token: string, resource?: string): Promise<AccessTokenClaims> {
    const claims = this.cache.getOrVerify(token, () => this.readClaims(token));
    const now = this.clock.now() / 1000;
    if (claims.exp <= now) throw new InvalidTokenError('expired');
    if (claims.iat > now + CLOCK_TOLERANCE) throw new InvalidTokenError('not_yet_valid');
    const accepted = resource === undefined ? this.config.resources.map(({ url }) => url) : [resource];
    if (!accepted.includes(claims.aud)) throw new InvalidTokenError('wrong_audience');
    if (await this.feed.isRevoked(claims)) throw new InvalidTokenError('revoked');
    return claims;
  }

  private readClaims(token: string): AccessTokenClaims {
    if (token.length > MAX_TOKEN_LENGTH) throw new InvalidTokenError('malformed');
    let claims: JwtClaims;
    try {
      claims = this.jwt.verify(ACCESS_TOKEN_TYPE, token);
    } catch (error) {
      if (error instanceof InvalidJwtError) throw new InvalidTokenError('bad_signature');
      throw error;
    }
    if (!isAccessTokenClaims(claims)) throw new InvalidTokenError('malformed');
    if (claims.iss !== this.config.issuer) throw new InvalidTokenError('wrong_issuer');
    return claims;
  }
}

function isAccessTokenClaims(claims: JwtClaims): claims is JwtClaims & AccessTokenClaims {
  const strings = ['iss', 'sub', 'aud', 'jti', 'client_id', 'scope', 'grant_id'];
  const numbers = ['exp', 'iat', 'grant_created_at'];
  return (
    strings.every((name) => typeof claims[name] === 'string') &&
    numbers.every((name) => Number.isSafeInteger(claims[name])) &&
    claims.nbf === undefined &&
    (claims.org === undefined || typeof claims.org === 'string')
  );
}
