import type { IncomingMessage, ServerResponse } from 'node:http';
import { All, Controller, Req, Res } from '@nestjs/common';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { McpUser, toAuthInfo, type McpPrincipal } from 'nestjs-mcp-auth';
import { z } from 'zod';
import { NotesService } from '../notes/notes.service.js';
import { findUser } from '../users/users.js';

type FrameworkRequest = IncomingMessage & { raw?: IncomingMessage; body?: unknown };
type FrameworkResponse = ServerResponse & { raw?: ServerResponse; hijack?: () => void };

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

/** The MCP server: stateless, so that any instance can answer any request. */
@Controller('mcp/api')
export class McpController {
  constructor(private readonly notes: NotesService) {}

  @All()
  async handle(
    @Req() request: FrameworkRequest,
    @Res() response: FrameworkResponse,
    @McpUser() principal: McpPrincipal,
  ): Promise<void> {
    response.hijack?.();
    const [incoming, outgoing] = [request.raw ?? request, response.raw ?? response];
    // It has nothing to send unasked, and a stream that waits for that would hold the process when it is to end.
    if (incoming.method !== 'POST') {
      outgoing.writeHead(405, { Allow: 'POST' }).end();
      return;
    }
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    const server = this.serverFor(principal);
    outgoing.on('close', () => void server.close());
    await server.connect(transport as Parameters<McpServer['connect']>[0]);
    await transport.handleRequest(
      Object.assign(incoming, { auth: toAuthInfo(principal) }),
      outgoing,
      request.body,
    );
  }

  private serverFor(principal: McpPrincipal): McpServer {
    const server = new McpServer({ name: 'quickstart-notes', version: '1.0.0' });
    server.registerTool('whoami', { description: 'Tells who is signed in' }, () =>
      text(findUser(principal.userId)?.name ?? principal.userId),
    );
    server.registerTool('list_notes', { description: 'Lists your notes' }, async () => {
      const notes = await this.notes.list(principal.userId);
      return text(notes.length === 0 ? 'No notes yet' : notes.map((note) => `- ${note}`).join('\n'));
    });
    server.registerTool(
      'add_note',
      { description: 'Adds a note', inputSchema: { text: z.string().min(1).max(1000) } },
      async (input) => {
        if (!principal.hasScope('mcp:write')) {
          return { ...text('This needs the scope mcp:write'), isError: true };
        }
        await this.notes.add(principal.userId, input.text);
        return text('Added');
      },
    );
    return server;
  }
}
