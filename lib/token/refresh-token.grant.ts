import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import type { Client } from '../clients/client.js';
import { AuditLog } from '../config/audit-log.js';
import type { AuditEventType } from '../config/audit-event.js';
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
import { refreshState, type RefreshState } from './refresh-state.js';
import { requestedResource } from './requested-resource.js';
import { TokenIssuer } from './token-issuer.js';
import type { TokenResponse } from './token-response.js';

const INVALID = 'Refresh token is invalid or expired';

const REFUSALS: Record<
  Exclude<RefreshState, 'current' | 'grace'>,
  { type: AuditEventType; message: string }
> = {
  replayed: { type: 'refresh.replayed', message: 'Refresh token used twice' },
  ahead: {
    type: 'refresh.ahead_of_row',
    message: 'Refresh token is newer than its grant: was a backup restored?',
  },
  revoked: { type: 'refresh.invalid', message: INVALID },
  expired: { type: 'refresh.invalid', message: INVALID },
};

/** `grant_type=refresh_token` (OAuth 2.1, section 4.3): every use rotates, and a second use ends the grant. */
@Injectable()
export class RefreshTokenGrant {
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

  /** @throws {OAuthError} without any effect, unless the request proves that the token was used twice */
  async exchange(headers: IncomingHttpHeaders, parameters: Parameters): Promise<TokenResponse> {
    const token = parameters.get('refresh_token');
    const { client, loaded } = await this.loader.load(headers, parameters, 'refresh-token', token);
    if (token === undefined) throw new OAuthError('invalid_request', 'refresh_token is missing');
    if (!client.grantTypes.includes('refresh_token')) {
      throw new OAuthError('unauthorized_client', 'The client is not registered for refresh_token');
    }
    if (!loaded) {
      this.audit.record({ type: 'refresh.invalid', message: INVALID, clientId: client.clientId });
      throw new OAuthError('invalid_grant', INVALID);
    }
    const { grant, handle } = loaded;
    const state = await this.usableState(grant, handle.generation);
    const resource = requestedResource(parameters, grant.resources);
    const scopes = await this.narrowedScopes(grant, parameters.get('scope'));
    const user = await this.users.dataOf(grant);
    if (!user) throw new OAuthError('invalid_grant', INVALID);

    const now = this.clock.now();
    if (state === 'current') await this.rotate(grant, client, handle.generation, now);
    this.audit.record({
      type: 'token.refreshed',
      message: state === 'current' ? 'Refresh token rotated' : 'Refresh repeated within the grace period',
      clientId: client.clientId,
      userId: grant.userId,
      grantId: grant.id,
    });
    return this.issuer.issue({
      grant,
      scopes,
      resource,
      user,
      // The same successor for everybody who shares the predecessor: recomputed, never stored.
      generation: handle.generation + 1,
      nonce: null,
      now,
    });
  }

  private async rotate(grant: GrantRecord, client: Client, generation: number, now: number): Promise<void> {
    const isWinner = await this.grants.rotate({
      grantId: grant.id,
      clientId: client.clientId,
      generation,
      now,
      refreshExpiresAt: now + this.config.refreshTokenLifetimeMs,
    });
    if (isWinner) return;
    // Somebody else was faster. Within the grace period that is a sibling process of the same client.
    const current = await this.loader.reload(grant.id);
    const state = current && (await this.usableState(current, generation));
    if (state !== 'grace') throw new OAuthError('invalid_grant', INVALID);
  }

  /** @throws {OAuthError} for a token that may not be used; a replayed one ends the grant first */
  private async usableState(grant: GrantRecord, generation: number): Promise<'current' | 'grace'> {
    const state = refreshState(
      grant,
      generation,
      this.clock.now(),
      this.config.refreshTokenReuseGracePeriodMs,
    );
    if (state === 'current' || state === 'grace') return state;
    this.audit.record({
      ...REFUSALS[state],
      clientId: grant.clientId,
      userId: grant.userId,
      grantId: grant.id,
      reason: state,
    });
    if (state === 'replayed') await this.revocation.revokeGrant(grant, 'refresh_token_replayed');
    throw new OAuthError('invalid_grant', INVALID);
  }

  /** Narrowing narrows the access token, never the grant (RFC 6749, section 6). */
  private async narrowedScopes(grant: GrantRecord, asked: string | undefined): Promise<string[]> {
    const granted = parseScope(grant.scope);
    const wanted =
      asked === undefined ? granted : parseScope(asked).filter((scope) => scope !== 'offline_access');
    if (!wanted.every((scope) => granted.includes(scope))) {
      throw new OAuthError('invalid_scope', 'The scope exceeds what was granted');
    }
    const allowed = await Promise.all(
      wanted.map((scope) => this.config.validateScopeForUser(grant.userId, grant.orgId, scope)),
    );
    const left = wanted.filter((_, index) => allowed[index]);
    if (left.length === 0) throw new OAuthError('invalid_scope', 'The user may not have any of these scopes');
    return left;
  }
}
