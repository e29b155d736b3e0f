import type { IncomingMessage } from 'node:http';
import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { McpAuthModule, type McpAuthOptions } from 'nestjs-mcp-auth';
import { hmacSecret, signingKey } from './data-folder.js';
import { appDataSource, MCP_AUTH_DATA_SOURCE, mcpAuthDataSource } from './database/data-sources.js';
import { McpController } from './mcp/mcp.controller.js';
import { Note } from './notes/note.entity.js';
import { NotesService } from './notes/notes.service.js';
import { serverUrl } from './server-url.js';
import { LoginController } from './users/login.controller.js';
import { readSession } from './users/session.js';
import { findUser } from './users/users.js';

type AuthMethods = NonNullable<McpAuthOptions['tokenEndpointAuthMethods']>;

function options(): McpAuthOptions {
  const authMethods = process.env.MCP_TOKEN_ENDPOINT_AUTH_METHODS?.split(',').map((method) => method.trim());
  return {
    serverUrl: serverUrl(),
    oauthSecret: hmacSecret(),
    mcpServerName: 'Quickstart Notes',
    tokenSigningAlgorithm: 'ES256',
    // Test runs ask faster than people do.
    rateLimits: { enabled: process.env.MCP_RATE_LIMIT !== 'off' },
    tokenSigningPrivateKey: signingKey(),
    ...(authMethods && { tokenEndpointAuthMethods: authMethods as AuthMethods }),
    currentUser: (request: IncomingMessage) => {
      const session = readSession(request.headers);
      const user = session && findUser(session.userId);
      return user && { ...user, authTime: session.authTime };
    },
    loginUrl: (returnTo) => `/login?returnTo=${encodeURIComponent(returnTo)}`,
    fetchUserData: (userId) => {
      const user = findUser(userId);
      return user && { email: user.email, emailVerified: true, name: user.name };
    },
  };
}

@Module({
  imports: [
    TypeOrmModule.forRoot(appDataSource()),
    TypeOrmModule.forRoot(mcpAuthDataSource()),
    TypeOrmModule.forFeature([Note]),
    ScheduleModule.forRoot(),
    McpAuthModule.forRootAsync({ dataSourceName: MCP_AUTH_DATA_SOURCE, useFactory: options }),
  ],
  controllers: [LoginController, McpController],
  providers: [NotesService],
})
export class AppModule {}
