import { All, Controller, Req, Res } from '@nestjs/common';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Request, Response } from 'express';
import { McpUser, toAuthInfo, type McpPrincipal } from 'nestjs-mcp-auth';
import { z } from 'zod';
import { NotesService } from '../notes/notes.service.js';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

/** Stateless, with a server for each request: whichever instance the proxy chooses can answer it. */
@Controller('mcp/api')
export class McpController {
  constructor(private readonly notes: NotesService) {}

  @All()
  async handle(
    @Req() request: Request,
    @Res() response: Response,
    @McpUser() principal: McpPrincipal,
  ): Promise<void> {
    // It has nothing to send unasked, and a stream that stays open would keep the instance from stopping.
    if (request.method !== 'POST') {
      response.status(405).set('Allow', 'POST').end();
      return;
    }
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    const server = this.serverFor(principal);
    response.on('close', () => void server.close());
    await server.connect(transport as Parameters<McpServer['connect']>[0]);
    await transport.handleRequest(
      Object.assign(request, { auth: toAuthInfo(principal) }),
      response,
      request.body,
    );
  }

  private serverFor(principal: McpPrincipal): McpServer {
    const server = new McpServer({ name: 'notes', version: '1.0.0' });
    server.registerTool('list_notes', { description: 'Lists your notes' }, async () =>
      text((await this.notes.list(principal.userId)).join('\n') || 'No notes yet'),
    );
    server.registerTool(
      'add_note',
      { description: 'Adds a note', inputSchema: { text: z.string().min(1).max(1000) } },
      async (note) => {
        if (!principal.hasScope('mcp:write'))
          return { ...text('This needs the scope mcp:write'), isError: true };
        await this.notes.add(principal.userId, note.text);
        return text('Added');
      },
    );
    return server;
  }
}
