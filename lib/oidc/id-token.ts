import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import type { McpUserData } from '../config/mcp-auth-options.js';
import { JwtCodec } from '../keys/jwt-codec.js';
import type { GrantRecord } from '../storage/records.js';

/** Identity claims that the granted scopes allow (OpenID Connect Core, section 5.4). */
export function identityClaims(scopes: readonly string[], user: McpUserData): Record<string, unknown> {
  return {
    ...(scopes.includes('email') &&
      user.email !== undefined && { email: user.email, email_verified: user.emailVerified ?? false }),
    ...(scopes.includes('profile') && user.name !== undefined && { name: user.name }),
  };
}

/** Issues id_tokens (OpenID Connect Core, section 2). */
@Injectable()
export class IdTokenIssuer {
  constructor(
    private readonly jwt: JwtCodec,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** @param nonce of the authorization request; null at a refresh, where it has no meaning (section 12.2) */
  issue(
    grant: GrantRecord,
    scopes: readonly string[],
    user: McpUserData,
    accessToken: string,
    nonce: string | null,
    now: number,
  ): string {
    const issuedAt = Math.floor(now / 1000);
    return this.jwt.sign('JWT', {
      iss: this.config.issuer,
      sub: grant.userId,
      aud: grant.clientId,
      iat: issuedAt,
      exp: issuedAt + this.config.accessTokenLifetimeMs / 1000,
      ...(grant.authTime !== null && { auth_time: Math.floor(grant.authTime / 1000) }),
      ...(nonce !== null && { nonce }),
      at_hash: accessTokenHash(accessToken),
      ...identityClaims(scopes, user),
    });
  }
}

/** Left half of the SHA-256 of the token (OpenID Connect Core, section 3.1.3.6): both RS256 and ES256 use SHA-256. */
function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}
