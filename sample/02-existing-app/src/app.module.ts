import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { McpAuthModule } from 'nestjs-mcp-auth';
import { AuthModule } from './auth/auth.module';
import { databaseOptions } from './data-source';
import { AppMcpAuthOptions } from './mcp-auth.options';
import { McpModule } from './mcp/mcp.module';
import { TasksModule } from './tasks/tasks.module';
import { UsersModule } from './users/users.module';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => databaseOptions(config.getOrThrow('DATABASE_URL')),
    }),
    AuthModule,
    TasksModule,
    ScheduleModule.forRoot(),
    McpAuthModule.forRootAsync({ imports: [UsersModule], useClass: AppMcpAuthOptions }),
    McpModule,
  ],
})
export class AppModule {}
