import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { McpContext } from '@rekog/mcp-nest';
import { currentPrincipal } from 'nestjs-mcp-auth';

/** Who is calling a tool: `@McpUser()` for tools, which are not called by HTTP but by the MCP server. */
export const Principal = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  currentPrincipal(context.switchToRpc().getContext<McpContext>().getRawRequest()),
);
