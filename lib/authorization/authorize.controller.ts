import { All, Inject, Req, Res } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { AuditLog } from '../config/audit-log.js';
import { Endpoint } from '../http/endpoint.js';
import type { HttpAnswer } from '../http/http-answer.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { RateLimiter } from '../http/rate-limiter.js';
import type { OAuthError } from '../http/oauth-error.js';
import { parseBody, parseQuery, type Parameters } from '../http/parameters.js';
import { ApproveService } from './approve.service.js';
import { AuthorizeService } from './authorize.service.js';
import { ConsentRenderer } from './pages/consent-renderer.js';
import { toErrorView } from './error-view.js';

/** `GET|POST /oauth/authorize` and `POST /oauth/approve`: the two endpoints that people see. */
export class AuthorizeController {
  constructor(
    @Inject(Endpoint) private readonly endpoint: Endpoint,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(AuthorizeService) private readonly authorizeService: AuthorizeService,
    @Inject(ApproveService) private readonly approveService: ApproveService,
    @Inject(ConsentRenderer) private readonly renderer: ConsentRenderer,
    @Inject(AuditLog) private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  @All('oauth/authorize')
  authorize(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    const repeatable = ['resource'];
    return this.serve(request, response, {
      GET: (exchange) =>
        this.authorizeWithinLimits(exchange, parseQuery(exchange.query, { repeatable }), exchange.query),
      POST: (exchange) =>
        this.authorizeWithinLimits(
          exchange,
          parseBody(exchange, { repeatable }),
          exchange.body.toString('utf8'),
        ),
    });
  }

  @All('oauth/approve')
  approve(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    return this.serve(request, response, {
      POST: async (exchange) => {
        const parameters = parseBody(exchange, { repeatable: ['scopes[]', 'resource'] });
        await this.limiter.spend('approve', exchange, parameters.get('client_id'));
        return this.approveService.approve(exchange, parameters);
      },
    });
  }

  private async authorizeWithinLimits(
    exchange: HttpExchange,
    parameters: Parameters,
    query: string,
  ): Promise<HttpAnswer> {
    await this.limiter.spend('authorize', exchange, parameters.get('client_id'));
    return this.authorizeService.authorize(exchange, parameters, query);
  }

  private serve(
    request: unknown,
    response: unknown,
    methods: Partial<Record<'GET' | 'POST', (exchange: HttpExchange) => Promise<HttpAnswer>>>,
  ): Promise<void> {
    return this.endpoint.serve(request, response, {
      cors: false,
      isAbsent: !this.config.isAuthorizationServer,
      methods,
      refuse: (error) => this.refuse(error),
    });
  }

  private refuse(error: OAuthError): HttpAnswer {
    this.audit.record({
      type: 'authorization.refused',
      message: 'Authorization request refused',
      reason: `${error.code}: ${error.description}`,
    });
    return this.renderer.errorPage(toErrorView(error), error.status, { ...error.headers });
  }
}
