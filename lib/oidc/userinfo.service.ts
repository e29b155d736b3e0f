import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { parseScope } from '../config/scope-registry.js';
import { OAuthError, type OAuthErrorCode } from '../http/oauth-error.js';
import type { AccessTokenClaims } from '../keys/access-token-claims.js';
import { AccessTokenVerifier } from '../resource/access-token-verifier.js';
import { presentedToken } from '../resource/bearer-token.js';
import { challengeHeader } from '../resource/challenge.js';
import { InvalidTokenError } from '../resource/invalid-token.error.js';
import { RevocationService } from '../resource/revocation.service.js';
import { identityClaims } from './id-token.js';

/** Claims about the user behind an access token that carries `openid`, whichever of our resources it is for. */
@Injectable()
export class UserinfoService {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly revocation: RevocationService,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** @throws {OAuthError} 401 or 403 with a challenge */
  async claimsOf(request: IncomingMessage): Promise<Record<string, unknown>> {
    const claims = await this.verify(request);
    const scopes = parseScope(claims.scope);
    if (!scopes.includes('openid')) {
      throw this.refusal(403, 'insufficient_scope', 'The access token lacks the scope openid');
    }
    const user = await this.config.fetchUserData(claims.sub, claims.org ?? null, {
      clientId: claims.client_id,
      scope: claims.scope,
    });
    if (!user) {
      await this.revocation.revokeGrant(
        { id: claims.grant_id, clientId: claims.client_id, userId: claims.sub },
        'user_gone',
      );
      throw this.refusal(401, 'invalid_token', 'The user does not exist any more');
    }
    return {
      sub: claims.sub,
      ...identityClaims(scopes, user),
      ...(claims.org !== undefined && { org: claims.org }),
    };
  }

  private async verify(request: IncomingMessage): Promise<AccessTokenClaims> {
    const presented = presentedToken(request);
    if (presented.kind === 'none') throw this.refusal(401);
    if (presented.kind === 'malformed') throw this.refusal(400, 'invalid_request', presented.problem);
    try {
      return await this.verifier.verify(presented.token);
    } catch (error) {
      if (!(error instanceof InvalidTokenError)) throw error;
      throw this.refusal(401, 'invalid_token', 'The access token is invalid, expired or revoked');
    }
  }

  private refusal(status: number, error?: OAuthErrorCode, errorDescription?: string): OAuthError {
    return new OAuthError(
      error ?? 'invalid_token',
      errorDescription ?? 'An access token is required',
      status,
      {
        'WWW-Authenticate': challengeHeader({
          ...(error !== undefined && { error }),
          ...(errorDescription !== undefined && { errorDescription }),
          ...(error === 'insufficient_scope' && { scope: 'openid' }),
          resourceMetadata: this.config.resources[0].metadataUrl,
        }),
      },
    );
  }
}
