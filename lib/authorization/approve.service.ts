import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { ClientDirectory } from '../clients/client-directory.js';
import { matchRedirectUri } from '../clients/redirect-uri.js';
import { redirectAnswer, type HttpAnswer } from '../http/http-answer.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { OAuthError } from '../http/oauth-error.js';
import type { Parameters } from '../http/parameters.js';
import { HandleCodec } from '../keys/handle-codec.js';
import { Sealer } from '../keys/sealer.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { GrantRepository } from '../storage/grant.repository.js';
import { authorizationResponseUrl, type ResponseParameters } from './authorization-response.js';
import { browserDigest } from './browser-cookie.js';
import { openTicket, type ConsentTicket } from './consent-ticket.js';
import { TICKET_FIELD } from './consent-view-builder.js';
import { grantedScopes } from './effective-scope.js';

/** Takes the user's answer on the consent page, and issues the authorization code. */
@Injectable()
export class ApproveService {
  constructor(
    private readonly directory: ClientDirectory,
    private readonly grants: GrantRepository,
    private readonly sealer: Sealer,
    private readonly handles: HandleCodec,
    private readonly clock: DatabaseClock,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** @throws {OAuthError} for an answer that is not this user's, in this browser, to a page of ours */
  async approve(exchange: HttpExchange, parameters: Parameters): Promise<HttpAnswer> {
    this.refuseForeignOrigin(exchange);
    const ticket = openTicket(this.sealer, parameters.get(TICKET_FIELD) ?? '');
    if (!ticket) throw new OAuthError('access_denied', 'This form does not come from the consent page', 403);
    await this.refuseForeignTicket(exchange, ticket);
    if (parameters.get('approved') !== 'true') return this.deny(ticket);

    const ticked = parameters.has('scopes[]') ? parameters.getAll('scopes[]') : undefined;
    const scopes = await this.stillAllowed(ticket, grantedScopes(ticket.scopes, ticked, this.config.scopes));
    if (scopes.length === 0) return this.deny(ticket);
    return this.grant(ticket, scopes);
  }

  /** Browsers send Origin with every POST; `null` is what a sandboxed or foreign page would send. */
  private refuseForeignOrigin({ headers }: HttpExchange): void {
    const own = new URL(this.config.baseUrl).origin;
    const isForeign = headers.origin !== undefined && headers.origin !== own;
    if (isForeign || headers['sec-fetch-site'] === 'cross-site') {
      throw new OAuthError('access_denied', `The form was not posted from ${own}`, 403);
    }
  }

  private async refuseForeignTicket(exchange: HttpExchange, ticket: ConsentTicket): Promise<void> {
    if (ticket.expiresAt <= this.clock.now()) {
      throw new OAuthError('access_denied', 'The consent page was open for too long', 403);
    }
    if (browserDigest(exchange.headers, this.config) !== ticket.browser) {
      throw new OAuthError('access_denied', 'The consent page was opened in another browser', 403);
    }
    const user = await this.config.currentUser(exchange.request);
    const orgId = user && (await this.config.currentOrg(exchange.request));
    if (user?.id !== ticket.userId || orgId !== ticket.orgId) {
      throw new OAuthError('access_denied', 'The consent page was opened by another user', 403);
    }
    const client = await this.directory.find(ticket.clientId);
    const isUnchanged =
      client?.metadataDigest === ticket.clientMetadataDigest &&
      matchRedirectUri(ticket.redirectUri, client.redirectUris);
    if (!isUnchanged) {
      throw new OAuthError('invalid_client', 'The application has changed its registration meanwhile', 403);
    }
  }

  private async stillAllowed(ticket: ConsentTicket, scopes: readonly string[]): Promise<string[]> {
    const allowed = await Promise.all(
      scopes.map((scope) => this.config.validateScopeForUser(ticket.userId, ticket.orgId, scope)),
    );
    return scopes.filter((_, index) => allowed[index]);
  }

  private deny(ticket: ConsentTicket): HttpAnswer {
    this.audit.record({
      type: 'authorization.denied',
      message: 'Authorization denied by the user',
      clientId: ticket.clientId,
      userId: ticket.userId,
    });
    return this.respond(ticket, { error: 'access_denied', error_description: 'The user denied the request' });
  }

  private async grant(ticket: ConsentTicket, scopes: readonly string[]): Promise<HttpAnswer> {
    const now = this.clock.now();
    const isNew = await this.grants.insert({
      id: ticket.grantId,
      clientId: ticket.clientId,
      userId: ticket.userId,
      orgId: ticket.orgId,
      scope: scopes.join(' '),
      resources: ticket.resources,
      redirectUri: ticket.redirectUri,
      codeChallenge: ticket.codeChallenge,
      nonce: ticket.nonce ?? null,
      authTime: ticket.authTime,
      dpopJkt: null,
      clientMetadataDigest: ticket.clientMetadataDigest,
      codeExpiresAt: now + this.config.authorizationCodeLifetimeMs,
      createdAt: now,
    });
    if (isNew) {
      this.audit.record({
        type: 'authorization.approved',
        message: 'Authorization approved by the user',
        clientId: ticket.clientId,
        userId: ticket.userId,
        grantId: ticket.grantId,
      });
    } else {
      await this.refuseSpentGrant(ticket);
    }
    return this.respond(ticket, {
      code: this.handles.encode('authorization-code', { grantId: ticket.grantId, generation: 0 }),
    });
  }

  /** The same form posted twice yields the same code, as long as nobody has used it. */
  private async refuseSpentGrant(ticket: ConsentTicket): Promise<void> {
    const found = await this.grants.findWithClient(ticket.grantId);
    if (!found || found.grant.codeRedeemedAt !== null || found.grant.revokedAt !== null) {
      throw new OAuthError('invalid_request', 'This consent was already given; go back to the application');
    }
  }

  private respond(ticket: ConsentTicket, parameters: ResponseParameters): HttpAnswer {
    return redirectAnswer(
      authorizationResponseUrl(ticket.redirectUri, {
        ...parameters,
        state: ticket.state,
        iss: this.config.issuer,
      }),
    );
  }
}
