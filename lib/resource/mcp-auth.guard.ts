import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ACCESS, type RouteAccess } from './route-access.js';

/**
 * Requires an access token for the routes it stands on. Routes under `mcpServerPath` are protected without it.
 *
 * @example
 * @UseGuards(McpAuthGuard)
 * @Controller('tools')
 * export class ToolsController {}
 */
@Injectable()
export class McpAuthGuard implements CanActivate {
  /** @internal */
  constructor(@Inject(ROUTE_ACCESS) private readonly access: RouteAccess) {}

  /** Nest's entry point. @throws {HttpException} 401 or 403 with its challenge */
  canActivate(context: ExecutionContext): Promise<boolean> {
    return this.access.enforceAlways(context);
  }
}
