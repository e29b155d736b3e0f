import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { ClientDirectory } from '../clients/client-directory.js';
import type { Client } from '../clients/client.js';
import { matchRedirectUri } from '../clients/redirect-uri.js';
import { toOAuthError } from '../http/error-answer.js';
import { redirectAnswer, type HttpAnswer } from '../http/http-answer.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { OAuthError } from '../http/oauth-error.js';
import type { Parameters } from '../http/parameters.js';
import { Sealer } from '../keys/sealer.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { parseAuthorizationRequest, type AuthorizationRequest } from './authorization-request.js';
import { authorizationResponseUrl } from './authorization-response.js';
import { identifyBrowser, type Browser } from './browser-cookie.js';
import { CONSENT_LIFETIME_MS, sealTicket, type ConsentTicket } from './consent-ticket.js';
import { toConsentView } from './consent-view-builder.js';
import { LOGIN_MARKER, loginReturnPath, loginSentAt } from './login-return.js';
import { ConsentRenderer } from './pages/consent-renderer.js';

type SignedInUser = NonNullable<Awaited<ReturnType<McpAuthConfig['currentUser']>>>;

/** The authorization endpoint (OAuth 2.1, section 4.1.1): from a client's request to the consent page. */
@Injectable()
export class AuthorizeService {
  constructor(
    private readonly directory: ClientDirectory,
    private readonly renderer: ConsentRenderer,
    private readonly sealer: Sealer,
    private readonly clock: DatabaseClock,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /**
   * @param query the parameters as one query string, for the way back from login
   * @throws {OAuthError} for what must not be redirected: the client or its redirect URI is not known yet
   */
  async authorize(exchange: HttpExchange, parameters: Parameters, query: string): Promise<HttpAnswer> {
    const { client, redirectUri } = await this.verifiedRedirect(parameters);
    try {
      const request = parseAuthorizationRequest(parameters, client, redirectUri, this.config);
      return await this.toConsent(exchange, request, parameters.get(LOGIN_MARKER), query);
    } catch (error) {
      const refusal = toOAuthError(error);
      this.audit.record({
        type: 'authorization.refused',
        message: 'Authorization request refused',
        clientId: client.clientId,
        reason: refusal.code,
      });
      return this.errorRedirect(redirectUri, parameters.get('state'), refusal);
    }
  }

  errorRedirect(redirectUri: string, state: string | undefined, error: OAuthError): HttpAnswer {
    return redirectAnswer(
      authorizationResponseUrl(redirectUri, {
        error: error.code,
        error_description: error.description,
        state,
        iss: this.config.issuer,
      }),
    );
  }

  private async verifiedRedirect(parameters: Parameters): Promise<{ client: Client; redirectUri: string }> {
    const clientId = parameters.get('client_id');
    if (clientId === undefined) throw new OAuthError('invalid_request', 'client_id is missing');
    const client = await this.directory.find(clientId);
    if (!client) {
      throw new OAuthError(
        'invalid_client',
        'The client_id is not registered here; the application has to register again',
      );
    }
    const redirectUri = parameters.get('redirect_uri');
    if (redirectUri === undefined) throw new OAuthError('invalid_request', 'redirect_uri is missing');
    if (!matchRedirectUri(redirectUri, client.redirectUris)) {
      throw new OAuthError('invalid_request', 'redirect_uri is not registered for this client');
    }
    return { client, redirectUri };
  }

  private async toConsent(
    exchange: HttpExchange,
    request: AuthorizationRequest,
    marker: string | undefined,
    query: string,
  ): Promise<HttpAnswer> {
    const now = this.clock.now();
    const browser = identifyBrowser(exchange.headers, this.config);
    const user = await this.config.currentUser(exchange.request);
    const sentAt = loginSentAt(marker, query, browser.digest, now, this.sealer);
    if (!user || needsFreshLogin(request, user, sentAt, now)) {
      if (request.prompts.has('none')) throw new OAuthError('login_required', 'The user is not signed in');
      return this.toLogin(query, browser, now);
    }
    const orgId = await this.config.currentOrg(exchange.request);
    const scopes = await this.allowedScopes(request.scopes, user.id, orgId);
    if (request.prompts.has('none')) throw new OAuthError('consent_required', 'The user has to consent');
    if (!(await this.directory.touch(request.client))) {
      throw new OAuthError('unauthorized_client', 'The client has to register again');
    }
    const ticket: ConsentTicket = {
      grantId: randomUUID(),
      userId: user.id,
      orgId,
      browser: browser.digest,
      clientId: request.client.clientId,
      clientMetadataDigest: request.client.metadataDigest,
      redirectUri: request.redirectUri,
      scopes,
      resources: request.resources,
      codeChallenge: request.codeChallenge,
      state: request.state,
      nonce: request.nonce,
      authTime: user.authTimeMs ?? sentAt,
      expiresAt: now + CONSENT_LIFETIME_MS,
    };
    const view = toConsentView(ticket, sealTicket(this.sealer, ticket), request.client, user, this.config);
    return this.renderer.consentPage(view, { 'Set-Cookie': browser.setCookie });
  }

  private async toLogin(query: string, browser: Browser, now: number): Promise<HttpAnswer> {
    const path = new URL(this.config.endpoints.authorize).pathname;
    const returnTo = loginReturnPath(path, query, browser.digest, now, this.sealer);
    return redirectAnswer(await this.config.loginUrl(returnTo), { 'Set-Cookie': browser.setCookie });
  }

  private async allowedScopes(
    scopes: readonly string[],
    userId: string,
    orgId: string | null,
  ): Promise<string[]> {
    const allowed = await Promise.all(
      scopes.map((scope) => this.config.validateScopeForUser(userId, orgId, scope)),
    );
    const left = scopes.filter((_, index) => allowed[index]);
    if (left.length === 0)
      throw new OAuthError('invalid_scope', 'The user may not grant any of these scopes');
    return left;
  }
}

/** Whether `prompt=login` or `max_age` still asks for a login that this browser has not come back from. */
function needsFreshLogin(
  request: AuthorizationRequest,
  user: SignedInUser,
  sentAt: number | null,
  now: number,
): boolean {
  if (sentAt !== null) return false;
  if (request.prompts.has('login')) return true;
  if (request.maxAgeMs === undefined) return false;
  return user.authTimeMs === null || now - user.authTimeMs > request.maxAgeMs;
}
