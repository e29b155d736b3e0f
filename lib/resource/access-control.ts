import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig, type ProtectedResource } from '../config/mcp-auth-config.js';
import { OAuthError, type OAuthErrorCode } from '../http/oauth-error.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { presentedToken } from './bearer-token.js';
import { challengeHeader } from './challenge.js';
import { InvalidTokenError } from './invalid-token.error.js';
import { McpPrincipal } from './mcp-principal.js';
import { currentPrincipal, rawRequestOf, storePrincipal } from './principal-store.js';

/**
 * Injection token of the {@link RequestAccess} that the gate, the guards and userinfo ask. A symbol, so that two copies of
 * this package share one.
 */
export const ACCESS_CONTROL = Symbol.for('nestjs-mcp-auth:access-control');
/** Injection token of the {@link AccessControl} itself, which stays what it is where a test overrides the other. */
export const TOKEN_ACCESS_CONTROL = Symbol.for('nestjs-mcp-auth:token-access-control');

const INVALID_TOKEN = 'The access token is invalid, expired or revoked';

/** What is asked about requests. */
export type RequestAccess = Pick<AccessControl, keyof AccessControl>;

/** Decides who may call a protected resource. */
@Injectable()
export class AccessControl {
  constructor(
    @Inject(AccessTokenVerifier) private readonly verifier: Pick<AccessTokenVerifier, 'verify'>,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /**
   * The principal behind a request, verified once and remembered with the request.
   *
   * @throws {OAuthError} 401 or 400 with its challenge, in the order of RFC 6750, section 3.1
   */
  async authenticate(request: unknown, resource: ProtectedResource): Promise<McpPrincipal> {
    const known = currentPrincipal(request);
    if (known?.resource === resource.url) return known;
    const principal = await this.verify(rawRequestOf(request), resource, resource.url);
    storePrincipal(request, principal);
    return principal;
  }

  /**
   * The principal behind a request to an endpoint of the module itself, which takes tokens of any of our resources.
   *
   * @throws {OAuthError} as {@link authenticate} does, with `scopes` in the challenge; 403 when one of them is missing
   */
  async authenticateAnywhere(request: unknown, scopes: readonly string[]): Promise<McpPrincipal> {
    const principal = await this.verify(rawRequestOf(request), this.defaultResource, undefined, scopes);
    this.requireScopes(principal, scopes, this.defaultResource);
    return principal;
  }

  /** @throws {OAuthError} 403 that names every scope which the operation needs */
  requireScopes(principal: McpPrincipal, scopes: readonly string[], resource: ProtectedResource): void {
    if (principal.hasScope(...scopes)) return;
    throw this.refusal(
      403,
      resource,
      'insufficient_scope',
      `This needs the scope: ${scopes.join(' ')}`,
      scopes,
    );
  }

  /** The refusal of a token that is good for nothing any more, for what is found out after its verification. */
  invalidToken(scopes: readonly string[]): OAuthError {
    return this.refusal(401, this.defaultResource, 'invalid_token', INVALID_TOKEN, scopes);
  }

  /** The resource whose path a mounted route or a request belongs to; the default one for routes elsewhere. */
  get defaultResource(): ProtectedResource {
    return this.config.resources[0];
  }

  /**
   * @param resource whose metadata the challenge names
   * @param audience the one that is accepted; any of ours when undefined
   */
  private async verify(
    raw: IncomingMessage,
    resource: ProtectedResource,
    audience: string | undefined,
    scopes?: readonly string[],
  ): Promise<McpPrincipal> {
    const presented = presentedToken(raw);
    if (presented.kind === 'none') throw this.refusal(401, resource, undefined, undefined, scopes);
    if (presented.kind === 'malformed')
      throw this.refusal(400, resource, 'invalid_request', presented.problem, scopes);
    try {
      const claims = await this.verifier.verify(presented.token, audience);
      return new McpPrincipal(presented.token, claims, this.config);
    } catch (error) {
      if (!(error instanceof InvalidTokenError)) throw error;
      this.audit.record({
        type: 'token.validation_failed',
        message: 'Token validation failed',
        reason: error.reason,
      });
      throw this.refusal(401, resource, 'invalid_token', INVALID_TOKEN, scopes);
    }
  }

  private refusal(
    status: number,
    resource: ProtectedResource,
    error?: OAuthErrorCode,
    errorDescription?: string,
    scopes: readonly string[] = this.config.scopes.resourceKeys,
  ): OAuthError {
    const challenge = challengeHeader({
      ...(error !== undefined && { error }),
      ...(errorDescription !== undefined && { errorDescription }),
      scope: scopes.join(' '),
      resourceMetadata: resource.metadataUrl,
    });
    // The body names an error even when the challenge must not: clients that look there only are not left without.
    return new OAuthError(
      error ?? 'invalid_token',
      errorDescription ?? 'An access token is required',
      status,
      {
        'WWW-Authenticate': challenge,
      },
    );
  }
}
