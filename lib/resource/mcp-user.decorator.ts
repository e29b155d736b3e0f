import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { McpPrincipal } from './mcp-principal.js';
import { currentPrincipal } from './principal-store.js';

/** Members of a principal that can be asked for by name. */
export type McpUserField =
  'userId' | 'orgId' | 'clientId' | 'scope' | 'scopes' | 'token' | 'resource' | 'email' | 'apiKey';

/**
 * The caller of a protected route: the whole {@link McpPrincipal}, or one of its members. Undefined on a public route
 * that was called without a token.
 *
 * @example
 * @Get('whoami')
 * whoami(@McpUser('userId') userId: string, @McpUser('email') email?: string) { ... }
 */
export const McpUser = createParamDecorator(
  (field: McpUserField | undefined, context: ExecutionContext): unknown => {
    const principal = currentPrincipal(context.switchToHttp().getRequest());
    if (!principal || field === undefined) return principal;
    return valueOf(principal, field);
  },
);

function valueOf(principal: McpPrincipal, field: McpUserField): unknown {
  const value = principal[field];
  return typeof value === 'function' ? value.call(principal) : value;
}
