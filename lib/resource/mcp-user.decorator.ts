import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
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
    if (field === 'email') return principal.email();
    if (field === 'apiKey') return principal.apiKey();
    return principal[field];
  },
);
