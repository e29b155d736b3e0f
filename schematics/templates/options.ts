/** The options factory of the application. */
export function optionsTemplate(): string {
  return `import { Injectable } from '@nestjs/common';
import type { McpAuthOptions, McpAuthOptionsFactory } from 'nestjs-mcp-auth';

/** What your login leaves on the request: Passport's \`request.user\`, or whatever yours does. */
interface RequestWithUser {
  user?: { id: string; name?: string; email?: string };
}

/**
 * How MCP authorization meets this application. Every other option has a default; they are documented in McpAuthOptions.
 */
@Injectable()
export class AppMcpAuthOptions implements McpAuthOptionsFactory {
  createMcpAuthOptions(): McpAuthOptions {
    return {
      // The public URL of this application. In production it has to be set, and to begin with https://.
      serverUrl:
        process.env.MCP_SERVER_URL ||
        (process.env.NODE_ENV === 'production' ? undefined : \`http://localhost:\${process.env.PORT || 3000}\`),
      // At least 32 random bytes: openssl rand -base64 32
      oauthSecret: process.env.MCP_HMAC_SECRET || undefined,

      // Connect your login here: who is signed in in the browser behind this request, or null.
      currentUser: (request: RequestWithUser) => request.user ?? null,

      // Where a browser goes that is not signed in. Send it back to returnTo, a path of this application, after login.
      loginUrl: (returnTo) => \`/login?returnTo=\${encodeURIComponent(returnTo)}\`,

      // The organization that the user acts for, if your application has such a thing.
      currentOrg: () => null,

      // What tokens and handlers may know of a user. Null means that the user is gone: then the grant is revoked.
      fetchUserData: (userId) => ({ name: userId }),

      // The page that asks for consent: views/mcp-auth/consent.hbs
      useCustomConsentView: true,
      consentViewPath: 'views/mcp-auth/consent.hbs',
    };
  }
}
`;
}
