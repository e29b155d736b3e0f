import { HttpException, Inject, Injectable, Logger, type ExecutionContext } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { MCP_AUTH_CONFIG, type McpAuthConfig, type ProtectedResource } from '../config/mcp-auth-config.js';
import { CORS_HEADERS } from '../http/cors.js';
import { toOAuthError } from '../http/error-answer.js';
import { ACCESS_CONTROL, type RequestAccess } from './access-control.js';
import { isPublic } from './mcp-public.decorator.js';
import { requiredScopes } from './mcp-scopes.decorator.js';
import { currentPrincipal } from './principal-store.js';
import { resourceOfRoute } from './route-pattern.js';

/** Injection token of {@link RouteAccess}: a symbol, so that two copies of this package share one. */
export const ROUTE_ACCESS = Symbol.for('nestjs-mcp-auth:route-access');

/** What the guards ask. */
@Injectable()
export class RouteAccess {
  private readonly logger = new Logger('McpAuth');

  constructor(
    @Inject(ACCESS_CONTROL) private readonly access: RequestAccess,
    private readonly host: HttpAdapterHost,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** For the global guard: enforces on routes that lie under a protected resource. */
  async enforceIfProtected(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const resource = resourceOfRoute(context.switchToHttp().getRequest(), this.config.resources);
    // A public route that was called with a token has passed the gate without it being looked at.
    return resource ? this.enforce(context, resource) : true;
  }

  /**
   * For `@UseGuards(McpAuthGuard)`: enforces wherever it stands. What is no HTTP request carries no access token that could
   * be looked at, so it is refused: whoever put the guard there wants the handler protected.
   */
  async enforceAlways(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') {
      this.logger.error(
        `McpAuthGuard refused ${context.getClass().name}.${context.getHandler().name}: it is called by ` +
          `${context.getType()}, and the guard knows HTTP requests only; take the guard away and protect it otherwise`,
      );
      return false;
    }
    const request: unknown = context.switchToHttp().getRequest();
    const resource = resourceOfRoute(request, this.config.resources) ?? this.access.defaultResource;
    return this.enforce(context, resource);
  }

  private async enforce(context: ExecutionContext, resource: ProtectedResource): Promise<boolean> {
    const request: unknown = context.switchToHttp().getRequest();
    const [handler, controller] = [context.getHandler(), context.getClass()];
    if (isPublic(handler, controller) && !currentPrincipal(request)) {
      // Whoever brings a good token is known on a public route as well; nobody is refused for a bad one.
      await this.access.authenticate(request, resource).catch(() => undefined);
      return true;
    }
    try {
      const principal = await this.access.authenticate(request, resource);
      this.access.requireScopes(principal, requiredScopes(handler, controller), resource);
      return true;
    } catch (error) {
      throw this.toHttpException(error, context.switchToHttp().getResponse());
    }
  }

  /** Headers go onto the response before throwing, so that a catch-all filter of the application keeps them. */
  private toHttpException(error: unknown, response: unknown): HttpException {
    const refusal = toOAuthError(error);
    const headers = { ...CORS_HEADERS, 'Cache-Control': 'no-store', ...refusal.headers };
    for (const [name, value] of Object.entries(headers))
      this.host.httpAdapter.setHeader(response, name, value);
    return new HttpException({ error: refusal.code, error_description: refusal.description }, refusal.status);
  }
}
