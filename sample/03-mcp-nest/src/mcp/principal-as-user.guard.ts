import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { currentPrincipal, type McpPrincipal } from 'nestjs-mcp-auth';

/** Puts the principal where mcp-nest looks for the scopes that its `@ToolScopes()` needs. */
@Injectable()
export class PrincipalAsUserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<{ user?: McpPrincipal }>();
    request.user = currentPrincipal(request);
    return request.user !== undefined;
  }
}
