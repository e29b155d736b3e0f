import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { McpAuthModule } from 'nestjs-mcp-auth';
import { databaseOptions } from './database.js';
import { mcpAuthOptions } from './mcp-auth.options.js';
import { McpController } from './mcp/mcp.controller.js';
import { Note } from './notes/note.entity.js';
import { NotesService } from './notes/notes.service.js';
import { LoginController } from './users/login.controller.js';

@Module({
  imports: [
    TypeOrmModule.forRootAsync({ useFactory: databaseOptions }),
    TypeOrmModule.forFeature([Note]),
    // Every instance schedules the cleanup; a lease in the database lets one of them do it.
    ScheduleModule.forRoot(),
    McpAuthModule.forRootAsync({ useFactory: mcpAuthOptions }),
  ],
  controllers: [McpController, LoginController],
  providers: [NotesService],
})
export class AppModule {}
