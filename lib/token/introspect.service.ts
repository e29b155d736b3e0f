import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { ClientAuthenticator } from '../clients/client-authenticator.js';
import { ClientDirectory } from '../clients/client-directory.js';
import type { Client } from '../clients/client.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { OAuthError } from '../http/oauth-error.js';
import type { Parameters } from '../http/parameters.js';
import { HandleCodec } from '../keys/handle-codec.js';
import { AccessTokenVerifier } from '../resource/access-token-verifier.js';
import { GrantUser } from '../resource/grant-user.js';
import { InvalidTokenError } from '../resource/invalid-token.error.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { GrantRepository } from '../storage/grant.repository.js';
import { refreshState } from './refresh-state.js';

/** An introspection response (RFC 7662, section 2.2). */
export type Introspection = { active: false } | ({ active: true } & Record<string, unknown>);

const INACTIVE: Introspection = { active: false };

/** Token introspection (RFC 7662), from the same checks that the guard makes. */
@Injectable()
export class IntrospectService {
  constructor(
    private readonly authenticator: ClientAuthenticator,
    private readonly directory: ClientDirectory,
    private readonly verifier: AccessTokenVerifier,
    private readonly handles: HandleCodec,
    private readonly grants: GrantRepository,
    private readonly users: GrantUser,
    private readonly clock: DatabaseClock,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** @throws {OAuthError} `invalid_client` or `invalid_request` */
  async introspect(headers: IncomingHttpHeaders, parameters: Parameters): Promise<Introspection> {
    const client = await this.authenticator.authenticate(headers, parameters);
    const token = parameters.get('token');
    if (token === undefined) throw new OAuthError('invalid_request', 'token is missing');
    return (await this.ofRefreshToken(token, client)) ?? this.ofAccessToken(token, client);
  }

  private async ofRefreshToken(token: string, client: Client): Promise<Introspection | null> {
    const handle = this.handles.decode('refresh-token', token);
    if (!handle) return null;
    const found = await this.grants.findWithClient(handle.grantId);
    if (!found || !mayLookAt(client, found.grant.clientId)) return INACTIVE;
    const { grant } = found;
    const owner = this.directory.preRegistered(grant.clientId) ?? found.client;
    if (!owner) return INACTIVE;
    if (refreshState(grant, handle.generation, this.clock.now(), 0) !== 'current') return INACTIVE;
    if (!(await this.users.dataOf(grant))) return INACTIVE;
    return {
      active: true,
      client_id: grant.clientId,
      scope: grant.scope,
      sub: grant.userId,
      iss: this.config.issuer,
      exp: Math.floor((grant.refreshExpiresAt ?? 0) / 1000),
      token_type: 'refresh_token',
    };
  }

  private async ofAccessToken(token: string, client: Client): Promise<Introspection> {
    const claims = await this.verifier.verify(token).catch((error: unknown) => {
      if (error instanceof InvalidTokenError) return null;
      throw error;
    });
    if (!claims || !mayLookAt(client, claims.client_id)) return INACTIVE;
    // A resource server asks about others' tokens: those of a client that is gone are nobody's.
    const owner = claims.client_id === client.clientId ? client : await this.directory.find(claims.client_id);
    if (!owner) return INACTIVE;
    const { iss, sub, aud, exp, iat, jti, client_id, scope, org } = claims;
    const user = await this.users.dataOf({
      id: claims.grant_id,
      clientId: client_id,
      userId: sub,
      orgId: org ?? null,
      scope,
    });
    if (!user) return INACTIVE;
    return {
      active: true,
      ...{ iss, sub, aud, exp, iat, jti, client_id, scope },
      ...(org !== undefined && { org }),
      ...(user.email !== undefined && { username: user.email }),
      token_type: 'Bearer',
    };
  }
}

function mayLookAt(client: Client, owner: string): boolean {
  return client.clientId === owner || client.mayIntrospect;
}
