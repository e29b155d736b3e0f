import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ACCESS, type RouteAccess } from './route-access.js';

/** Registered as APP_GUARD: protects every route under `mcpServerPath`. */
@Injectable()
export class McpAuthGlobalGuard implements CanActivate {
  constructor(@Inject(ROUTE_ACCESS) private readonly access: RouteAccess) {}

  canActivate(context: ExecutionContext): Promise<boolean> {
    return this.access.enforceIfProtected(context);
  }
}
