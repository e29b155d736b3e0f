import { Body, Controller, Get, Post } from '@nestjs/common';
import { McpPublic, McpScopes, McpUser, type McpPrincipal } from 'nestjs-mcp-auth';
import { Public } from '../accounts/public.decorator.js';
import { NoteDto } from '../notes/note.dto.js';

/** The MCP server: its callers bring McpAuthModule's tokens, so the application's own guard has no say. */
@Public()
@Controller('mcp')
export class McpController {
  @Get('whoami')
  async whoami(@McpUser() principal: McpPrincipal): Promise<object> {
    return { userId: principal.userId, scope: principal.scope, email: await principal.email() };
  }

  @Post('notes')
  @McpScopes('mcp:write')
  add(@McpUser('userId') userId: string, @Body() { text }: NoteDto): object {
    return { addedBy: userId, text };
  }

  @Get('docs')
  @McpPublic()
  docs(): string {
    return 'documentation';
  }
}
