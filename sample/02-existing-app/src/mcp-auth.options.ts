import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Request } from 'express';
import type { McpAuthOptions, McpAuthOptionsFactory } from 'nestjs-mcp-auth';
import { appUrl } from './app-url';
import type { User } from './users/user.entity';
import { UsersService } from './users/users.service';

/** How MCP authorization meets this application. */
@Injectable()
export class AppMcpAuthOptions implements McpAuthOptionsFactory {
  constructor(
    private readonly config: ConfigService,
    private readonly users: UsersService,
  ) {}

  createMcpAuthOptions(): McpAuthOptions {
    return {
      serverUrl: appUrl(this.config),
      oauthSecret: this.config.get<string>('MCP_HMAC_SECRET') || undefined,

      // As clients see it: with the global prefix.
      mcpServerPath: '/api/mcp',
      mcpServerName: 'Tasks',

      // Passport leaves the user on the request.
      currentUser: ({ user, session }: Request) => {
        const { id, name, email } = (user as User | undefined) ?? {};
        return id === undefined ? null : { id, name, email, authTime: session.signedInAt };
      },

      // The login page of this application. It sends the browser back to returnTo, a path of this application.
      loginUrl: (returnTo) => `/api/auth/login?returnTo=${encodeURIComponent(returnTo)}`,

      // Null when the user is gone: then the grant is revoked.
      fetchUserData: async (userId) => {
        const user = await this.users.findById(userId);
        return user && { name: user.name, email: user.email };
      },

      useCustomConsentView: true,
      consentViewPath: 'views/mcp-auth/consent.hbs',
    };
  }
}
