import { All, Inject, Req, Res } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { claimedClientId } from '../clients/client-credentials.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { Endpoint } from '../http/endpoint.js';
import { emptyAnswer, jsonAnswer, type HttpAnswer } from '../http/http-answer.js';
import { RateLimiter } from '../http/rate-limiter.js';
import { OAuthError } from '../http/oauth-error.js';
import { parseBody, type Parameters } from '../http/parameters.js';
import { AuthorizationCodeGrant } from './authorization-code.grant.js';
import { IntrospectService } from './introspect.service.js';
import { RefreshTokenGrant } from './refresh-token.grant.js';
import { RevokeService } from './revoke.service.js';

type Operation = (headers: IncomingHttpHeaders, parameters: Parameters) => Promise<HttpAnswer>;

/** `POST /oauth/token`, `POST /oauth/revoke` and `POST /oauth/introspect`. */
export class TokenController {
  constructor(
    @Inject(Endpoint) private readonly endpoint: Endpoint,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(AuthorizationCodeGrant) private readonly authorizationCode: AuthorizationCodeGrant,
    @Inject(RefreshTokenGrant) private readonly refreshToken: RefreshTokenGrant,
    @Inject(RevokeService) private readonly revokeService: RevokeService,
    @Inject(IntrospectService) private readonly introspectService: IntrospectService,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  @All('oauth/token')
  token(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    return this.serve('token', request, response, async (headers, parameters) =>
      jsonAnswer(200, await this.grantOf(parameters).exchange(headers, parameters)),
    );
  }

  @All('oauth/revoke')
  revoke(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    return this.serve('revoke', request, response, async (headers, parameters) => {
      await this.revokeService.revoke(headers, parameters);
      return emptyAnswer(200);
    });
  }

  @All('oauth/introspect')
  introspect(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    return this.serve('introspect', request, response, async (headers, parameters) =>
      jsonAnswer(200, await this.introspectService.introspect(headers, parameters)),
    );
  }

  private grantOf(parameters: Parameters): AuthorizationCodeGrant | RefreshTokenGrant {
    switch (parameters.get('grant_type')) {
      case 'authorization_code':
        return this.authorizationCode;
      case 'refresh_token':
        return this.refreshToken;
      case undefined:
        throw new OAuthError('invalid_request', 'grant_type is missing');
      default:
        throw new OAuthError(
          'unsupported_grant_type',
          'grant_type must be authorization_code or refresh_token',
        );
    }
  }

  private serve(
    name: 'token' | 'revoke' | 'introspect',
    request: unknown,
    response: unknown,
    operation: Operation,
  ): Promise<void> {
    return this.endpoint.serve(request, response, {
      cors: true,
      isAbsent: !this.config.isAuthorizationServer,
      methods: {
        POST: async (exchange) => {
          refuseCredentialsInUrl(exchange.query);
          const parameters = parseBody(exchange, { repeatable: ['resource'], json: true });
          await this.limiter.spend(name, exchange, claimedClientId(exchange.headers, parameters));
          return operation(exchange.headers, parameters);
        },
      },
    });
  }
}

/** Parameters of these endpoints travel in the body: a URL ends up in logs (RFC 6749, section 2.3.1). */
function refuseCredentialsInUrl(query: string): void {
  if (query !== '')
    throw new OAuthError('invalid_request', 'Parameters belong into the body, not into the URL');
}
