import { SetMetadata } from '@nestjs/common';

const MCP_PUBLIC = 'nestjs-mcp-auth:public';

/**
 * Lets everybody call a handler, or every handler of a controller, although it lies under a protected resource.
 *
 * @example
 * @Get('docs') @McpPublic()
 * docs() { ... }
 */
export const McpPublic = (): MethodDecorator & ClassDecorator => SetMetadata(MCP_PUBLIC, true);

/** Whether a handler, or its class, is marked. */
export function isPublic(handler: object, controller: object): boolean {
  return [handler, controller].some((target) => Reflect.getMetadata(MCP_PUBLIC, target) === true);
}
