import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import type { Client } from '../clients/client.js';
import { verifyCodeChallenge } from '../clients/pkce.js';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { parseScope } from '../config/scope-registry.js';
import { OAuthError } from '../http/oauth-error.js';
import type { Parameters } from '../http/parameters.js';
import { GrantUser } from '../resource/grant-user.js';
import { RevocationService } from '../resource/revocation.service.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { GrantRepository } from '../storage/grant.repository.js';
import type { GrantRecord } from '../storage/records.js';
import { GrantLoader } from './grant-loader.js';
import { requestedResource } from './requested-resource.js';
import { TokenIssuer } from './token-issuer.js';
import type { TokenResponse } from './token-response.js';

const INVALID_CODE = 'Authorization code is invalid or expired';

/** `grant_type=authorization_code` (OAuth 2.1, section 4.1.3). */
@Injectable()
export class AuthorizationCodeGrant {
  constructor(
    private readonly loader: GrantLoader,
    private readonly grants: GrantRepository,
    private readonly users: GrantUser,
    private readonly issuer: TokenIssuer,
    private readonly revocation: RevocationService,
    private readonly clock: DatabaseClock,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** @throws {OAuthError} without any effect, unless the request proves that the code was used twice */
  async exchange(headers: IncomingHttpHeaders, parameters: Parameters): Promise<TokenResponse> {
    const code = parameters.get('code');
    const { client, loaded } = await this.loader.load(headers, parameters, 'authorization-code', code);
    if (code === undefined) throw new OAuthError('invalid_request', 'code is missing');
    if (!loaded) throw this.invalid(client, 'unknown_code');
    const { grant } = loaded;
    this.checkBinding(grant, client, parameters);
    const resource = requestedResource(parameters, grant.resources);
    await this.refuseSpent(grant);

    const user = await this.users.dataOf(grant);
    if (!user) throw this.invalid(client, 'user_gone', grant);
    const now = this.clock.now();
    const withRefresh = client.grantTypes.includes('refresh_token');
    const isWinner = await this.grants.redeem({
      grantId: grant.id,
      clientId: client.clientId,
      now,
      refreshExpiresAt: withRefresh ? now + this.config.refreshTokenLifetimeMs : null,
    });
    if (!isWinner) {
      await this.refuseSpent((await this.loader.reload(grant.id)) ?? grant);
      throw this.invalid(client, 'lost_race', grant);
    }
    this.audit.record({
      type: 'token.issued',
      message: 'Tokens issued for an authorization code',
      clientId: client.clientId,
      userId: grant.userId,
      grantId: grant.id,
    });
    return this.issuer.issue({
      grant,
      scopes: parseScope(grant.scope),
      resource,
      user,
      generation: withRefresh ? 1 : null,
      nonce: grant.nonce,
      now,
    });
  }

  private checkBinding(grant: GrantRecord, client: Client, parameters: Parameters): void {
    if (parameters.get('redirect_uri') !== grant.redirectUri) {
      throw this.invalid(
        client,
        'redirect_uri',
        grant,
        'redirect_uri differs from the authorization request',
      );
    }
    if (!verifyCodeChallenge(parameters.get('code_verifier') ?? '', grant.codeChallenge)) {
      throw this.invalid(client, 'code_verifier', grant, 'PKCE validation failed');
    }
  }

  /** Everything else about the request was right: a second use means that the code was stolen (RFC 6749, section 4.1.2). */
  private async refuseSpent(grant: GrantRecord): Promise<void> {
    const ids = { clientId: grant.clientId, userId: grant.userId, grantId: grant.id };
    if (grant.revokedAt === null && grant.codeRedeemedAt !== null) {
      this.audit.record({ type: 'code.replayed', message: 'Authorization code used twice', ...ids });
      await this.revocation.revokeGrant(grant, 'code_replayed');
    }
    if (
      grant.revokedAt !== null ||
      grant.codeRedeemedAt !== null ||
      grant.codeExpiresAt <= this.clock.now()
    ) {
      this.audit.record({ type: 'code.invalid', message: INVALID_CODE, ...ids, reason: 'spent_or_expired' });
      throw new OAuthError('invalid_grant', INVALID_CODE);
    }
  }

  private invalid(
    client: Client,
    reason: string,
    grant?: GrantRecord,
    description = INVALID_CODE,
  ): OAuthError {
    this.audit.record({
      type: 'code.invalid',
      message: INVALID_CODE,
      clientId: client.clientId,
      reason,
      ...(grant && { grantId: grant.id }),
    });
    return new OAuthError('invalid_grant', description);
  }
}
