/** The options factory of the application. */
export function optionsTemplate(port: string): string {
  return `import { Injectable } from '@nestjs/common';
import type { McpAuthOptions, McpAuthOptionsFactory } from 'nestjs-mcp-auth';

/** What your login leaves on the request: here Passport's \`request.user\`. */
interface SignedInRequest {
  user?: { id: string; name?: string; email?: string };
}

/**
 * How MCP authorization meets this application. Every option that is not here
 * has a default; McpAuthOptions documents them. The consent page is
 * views/mcp-auth/consent.hbs, as long as that file is there.
 */
@Injectable()
export class AppMcpAuthOptions implements McpAuthOptionsFactory {
  createMcpAuthOptions(): McpAuthOptions {
    return {
      // The public URL of this application: https://... in production.
      serverUrl: process.env.MCP_SERVER_URL || developmentUrl(),

      // At least 32 random bytes: openssl rand -base64 32
      // Left out in development, tokens end with the process.
      oauthSecret: process.env.MCP_HMAC_SECRET || undefined,

      // CONNECT YOUR LOGIN HERE: who is signed in in the browser that sent this
      // request, or null.
      currentUser: (request: SignedInRequest) => request.user ?? null,

      // Your login page, for a browser in which nobody is signed in. Send it on
      // to returnTo, a path of this application, when somebody is.
      loginUrl: (returnTo) => \`/login?returnTo=\${encodeURIComponent(returnTo)}\`,

      // The organization that the user acts for, if there is such a thing.
      currentOrg: () => null,

      // What is known about a user. Answer null for one who is gone: then all
      // that was granted in their name ends.
      fetchUserData: (userId) => ({ name: userId }),
    };
  }
}

/** Undefined in production: there the URL has to be set. */
function developmentUrl(): string | undefined {
  if (process.env.NODE_ENV === 'production') return undefined;
  return \`http://localhost:\${process.env.PORT || ${port}}\`;
}
`;
}
