import type { Request } from 'express';
import type { McpAuthOptions } from 'nestjs-mcp-auth';
import { MCP_PATH } from './mcp/mcp-server.js';
import { serverUrl } from './server-url.js';
import { findUser } from './users/users.js';

export function mcpAuthOptions(): McpAuthOptions {
  return {
    serverUrl: serverUrl(),
    oauthSecret: process.env.MCP_HMAC_SECRET || undefined,
    mcpServerPath: MCP_PATH,
    mcpServerName: 'Bookmarks',
    currentUser: ({ session }: Request) => {
      const user = findUser(session?.userId);
      return user && { ...user, authTime: session?.signedInAt };
    },
    loginUrl: (returnTo) => `/login?returnTo=${encodeURIComponent(returnTo)}`,
    fetchUserData: (userId) => {
      const user = findUser(userId);
      return user && { name: user.name, email: user.email };
    },
  };
}
