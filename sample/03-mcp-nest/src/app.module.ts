import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MCP_AUTH_MIGRATIONS, McpAuthModule } from 'nestjs-mcp-auth';
import { BookmarksService } from './bookmarks/bookmarks.service.js';
import { sqlite } from './database/sqlite.js';
import { mcpAuthOptions } from './mcp-auth.options.js';
import { BookmarkTools } from './mcp/bookmark.tools.js';
import { McpController } from './mcp/mcp.controller.js';
import { LoginController } from './users/login.controller.js';

@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => ({
        ...sqlite(process.env.DATABASE_FILE || '.data/mcp-auth.db'),
        autoLoadEntities: true,
        migrations: MCP_AUTH_MIGRATIONS,
        migrationsRun: true,
      }),
    }),
    ScheduleModule.forRoot(),
    McpAuthModule.forRootAsync({ useFactory: mcpAuthOptions }),
  ],
  controllers: [McpController, BookmarkTools, LoginController],
  providers: [BookmarksService],
})
export class AppModule {}
