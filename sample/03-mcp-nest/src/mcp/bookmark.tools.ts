import { Payload } from '@nestjs/microservices';
import { McpController, Tool, ToolScopes } from '@rekog/mcp-nest';
import type { McpPrincipal } from 'nestjs-mcp-auth';
import { z } from 'zod';
import { BookmarksService } from '../bookmarks/bookmarks.service.js';
import { Principal } from './principal.decorator.js';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

@McpController()
export class BookmarkTools {
  constructor(private readonly bookmarks: BookmarksService) {}

  @Tool({ name: 'whoami', description: 'Tells who is signed in, and what the client may do' })
  async whoami(@Principal() principal: McpPrincipal) {
    const user = await principal.userData();
    return text(`${user?.name} <${user?.email}>, with ${principal.scope}`);
  }

  @Tool({ name: 'list_bookmarks', description: 'Lists your bookmarks' })
  list(@Principal() { userId }: McpPrincipal) {
    return text(this.bookmarks.list(userId).join('\n') || 'No bookmarks yet');
  }

  @Tool({ name: 'add_bookmark', description: 'Adds a bookmark', parameters: z.object({ url: z.url() }) })
  @ToolScopes(['mcp:write'])
  add(@Payload() { url }: { url: string }, @Principal() { userId }: McpPrincipal) {
    this.bookmarks.add(userId, url);
    return text('Added');
  }
}
