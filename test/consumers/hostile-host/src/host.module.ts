import { Module, ValidationPipe, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MCP_AUTH_MIGRATIONS, McpAuthModule } from 'nestjs-mcp-auth';
import { AccountsController, LoginPageController } from './accounts/accounts.controller.js';
import type { HostRequest } from './accounts/host-request.js';
import { JwtGuard } from './accounts/jwt.guard.js';
import { Public } from './accounts/public.decorator.js';
import { findUser } from './accounts/users.js';
import { CatchAll } from './edge/catch-all.filter.js';
import { WrapAnswers } from './edge/wrap-answers.interceptor.js';
import { McpController } from './mcp/mcp.controller.js';
import { Note } from './notes/note.entity.js';
import { NotesController } from './notes/notes.controller.js';
import type { HostSettings } from './settings.js';

@Module({
  imports: [
    JwtModule.register({ secret: 'the-secret-of-the-application-itself' }),
    TypeOrmModule.forFeature([Note], 'notes'),
  ],
  controllers: [AccountsController, LoginPageController, NotesController],
  providers: [
    { provide: APP_GUARD, useClass: JwtGuard },
    { provide: APP_INTERCEPTOR, useClass: WrapAnswers },
    { provide: APP_FILTER, useClass: CatchAll },
    {
      provide: APP_PIPE,
      useValue: new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }),
    },
  ],
})
export class HostModule {
  static with({ url, notesDatabase, mcpAuth }: HostSettings): DynamicModule {
    return {
      module: HostModule,
      imports: [
        TypeOrmModule.forRoot({ ...notesDatabase, name: 'notes', entities: [Note], synchronize: true }),
        ...(mcpAuth ? mcpAuthImports(url, mcpAuth) : []),
      ],
      controllers: mcpAuth ? [McpController] : [],
    };
  }
}

function mcpAuthImports(
  serverUrl: string,
  { database, dataSourceName, signingKey }: NonNullable<HostSettings['mcpAuth']>,
): DynamicModule[] {
  return [
    TypeOrmModule.forRoot({
      ...database,
      ...(dataSourceName !== undefined && { name: dataSourceName }),
      autoLoadEntities: true,
      migrations: MCP_AUTH_MIGRATIONS,
      migrationsRun: true,
    }),
    ScheduleModule.forRoot(),
    McpAuthModule.forRootAsync({
      dataSourceName,
      controllerDecorators: [Public()],
      useFactory: () => ({
        serverUrl,
        oauthSecret: 'the-oauth-secret-of-the-hostile-host',
        mcpServerPath: '/api/v1/mcp',
        tokenSigningAlgorithm: 'ES256',
        tokenSigningPrivateKey: signingKey,
        currentUser: (request: HostRequest) => request.session.user ?? null,
        loginUrl: (returnTo) => `/login?returnTo=${encodeURIComponent(returnTo)}`,
        fetchUserData: (userId) => findUser(userId),
      }),
    }),
  ];
}
