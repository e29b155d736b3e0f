import { SetMetadata } from '@nestjs/common';

const MCP_SCOPES = 'nestjs-mcp-auth:scopes';

/**
 * Scopes that a handler, or every handler of a controller, needs: all of them. A missing one is answered with 403
 * `insufficient_scope`, naming all, so that the client can ask for them at once.
 *
 * @example
 * @Post('notes') @McpScopes('mcp:write')
 * add() { ... }
 */
export const McpScopes = (...scopes: string[]): MethodDecorator & ClassDecorator =>
  SetMetadata(MCP_SCOPES, scopes);

/** Scopes of the controller and of the handler together. */
export function requiredScopes(handler: object, controller: object): string[] {
  const scopes = [controller, handler].flatMap(
    (target) => (Reflect.getMetadata(MCP_SCOPES, target) as string[] | undefined) ?? [],
  );
  return [...new Set(scopes)];
}
