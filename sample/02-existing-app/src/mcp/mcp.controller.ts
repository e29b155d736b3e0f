import { All, Controller, Req, Res } from '@nestjs/common';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Request, Response } from 'express';
import { McpUser, toAuthInfo, type McpPrincipal } from 'nestjs-mcp-auth';
import { TasksService } from '../tasks/tasks.service';
import { taskServer } from './task-server';

/** The MCP server. It lies under `mcpServerPath`, so no request without a token comes here. */
@Controller('mcp')
export class McpController {
  constructor(private readonly tasks: TasksService) {}

  @All()
  async handle(
    @Req() request: Request,
    @Res() response: Response,
    @McpUser() principal: McpPrincipal,
  ): Promise<void> {
    // Stateless: a server for each request, which knows for whom it acts. It has nothing to send unasked.
    if (request.method !== 'POST') {
      response.status(405).set('Allow', 'POST').end();
      return;
    }
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    const server = taskServer(this.tasks, principal);
    response.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(
      Object.assign(request, { auth: toAuthInfo(principal) }),
      response,
      request.body,
    );
  }
}
