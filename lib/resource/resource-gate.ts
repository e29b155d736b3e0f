import { Inject, Injectable } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig, type ProtectedResource } from '../config/mcp-auth-config.js';
import { CORS_HEADERS, isPreflight, preflightAnswer } from '../http/cors.js';
import { toOAuthError } from '../http/error-answer.js';
import type { HttpAnswer } from '../http/http-answer.js';
import type { Admission, ArrivingRequest, RequestGate } from '../http/request-gate.js';
import { ACCESS_CONTROL, type RequestAccess } from './access-control.js';
import { PublicRoutes } from './public-routes.js';
import { liesUnder } from './resource-path.js';

const METHODS = ['GET', 'POST', 'DELETE'];

/**
 * Denies by default: whatever lies under a protected resource's path in any reading needs a token, for every method,
 * whether a route exists or not, and for handlers mounted outside Nest's router. So a 404 or 405 never comes before a 401.
 */
@Injectable()
export class ResourceGate implements RequestGate {
  constructor(
    @Inject(ACCESS_CONTROL) private readonly access: RequestAccess,
    private readonly publicRoutes: PublicRoutes,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  admissionOf(targets: readonly string[]): Admission | undefined {
    const resource = this.config.resources.find(({ path }) =>
      targets.some((target) => liesUnder(target, path)),
    );
    return resource && ((request) => this.admit(request, resource));
  }

  private async admit(
    { method, path, headers, raw }: ArrivingRequest,
    resource: ProtectedResource,
  ): Promise<HttpAnswer | undefined> {
    // Handing a preflight on would hand an unauthenticated OPTIONS to whatever is mounted here.
    if (isPreflight(method, headers)) return preflightAnswer(METHODS);
    if (this.publicRoutes.includes(method, path)) return undefined;
    try {
      await this.access.authenticate(raw, resource);
      return undefined;
    } catch (error) {
      const answer = toOAuthError(error).toAnswer();
      // This answer comes before the application's own CORS and header middleware.
      return {
        ...answer,
        headers: { ...CORS_HEADERS, 'X-Content-Type-Options': 'nosniff', ...answer.headers },
      };
    }
  }
}
