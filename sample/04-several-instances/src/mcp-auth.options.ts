import type { Request } from 'express';
import type { McpAuthOptions } from 'nestjs-mcp-auth';
import { required } from './environment.js';
import { findUser } from './users/users.js';

export function mcpAuthOptions(): McpAuthOptions {
  const serverUrl = required('MCP_SERVER_URL');
  return {
    // The proxy's URL, not the instance's: the issuer of tokens is one, whoever answers.
    serverUrl,
    // One secret, so that each instance knows the codes and tokens of the others.
    oauthSecret: required('MCP_HMAC_SECRET'),
    tlsTerminatedByProxy: serverUrl.startsWith('https:'),
    mcpServerName: 'Notes',
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
