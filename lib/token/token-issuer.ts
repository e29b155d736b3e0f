import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import type { McpUserData } from '../config/mcp-auth-options.js';
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims } from '../keys/access-token-claims.js';
import { HandleCodec } from '../keys/handle-codec.js';
import { JwtCodec } from '../keys/jwt-codec.js';
import { IdTokenIssuer } from '../oidc/id-token.js';
import type { GrantRecord } from '../storage/records.js';
import type { TokenResponse } from './token-response.js';

/** What is to be issued from a grant. */
export interface Issue {
  grant: GrantRecord;
  scopes: readonly string[];
  resource: string;
  user: McpUserData;
  /** Of the refresh token; null for none. */
  generation: number | null;
  nonce: string | null;
  now: number;
}

/** Signs tokens. Reads and writes nothing: by now everything is decided and stored. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly jwt: JwtCodec,
    private readonly handles: HandleCodec,
    private readonly idTokens: IdTokenIssuer,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  issue({ grant, scopes, resource, user, generation, nonce, now }: Issue): TokenResponse {
    const lifetime = this.config.accessTokenLifetimeMs / 1000;
    const issuedAt = Math.floor(now / 1000);
    const claims: AccessTokenClaims = {
      iss: this.config.issuer,
      sub: grant.userId,
      aud: resource,
      iat: issuedAt,
      exp: issuedAt + lifetime,
      jti: randomUUID(),
      client_id: grant.clientId,
      scope: scopes.join(' '),
      grant_id: grant.id,
      grant_created_at: grant.createdAt,
      ...(grant.orgId !== null && { org: grant.orgId }),
    };
    const accessToken = this.jwt.sign(ACCESS_TOKEN_TYPE, { ...claims });
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: lifetime,
      scope: claims.scope,
      ...(generation !== null && {
        refresh_token: this.handles.encode('refresh-token', { grantId: grant.id, generation }),
      }),
      ...(scopes.includes('openid') && {
        id_token: this.idTokens.issue(grant, scopes, user, accessToken, nonce, now),
      }),
    };
  }
}
