import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { MCP_AUTH_MIGRATIONS } from 'nestjs-mcp-auth';
import { CreateNotes1764000000001 } from '../notes/create-notes.migration.js';
import { sqliteOptions } from './sqlite-options.js';

/** Name of the DataSource that the module stores into. */
export const MCP_AUTH_DATA_SOURCE = 'mcp-auth';

const url = process.env.DATABASE_URL || 'sqlite:.data/app.db';

function connection(suffix: string): TypeOrmModuleOptions {
  if (url.startsWith('sqlite:')) {
    const file = `${url.slice('sqlite:'.length)}${suffix}`;
    mkdirSync(dirname(file), { recursive: true });
    return sqliteOptions(file);
  }
  if (url.startsWith('postgres')) return { type: 'postgres', url };
  return { type: 'mariadb', url: url.replace(/^mysql:/, 'mariadb:') };
}

/** The application's own tables. */
export function appDataSource(): TypeOrmModuleOptions {
  return {
    ...connection(''),
    autoLoadEntities: true,
    migrations: [CreateNotes1764000000001],
    migrationsTableName: 'app_migrations',
    migrationsRun: true,
  } as TypeOrmModuleOptions;
}

/**
 * The module's tables. On SQLite in a file of their own: TypeORM has one connection per DataSource there, so a transaction
 * of the application that is rolled back would take statements of the module with it.
 */
export function mcpAuthDataSource(): TypeOrmModuleOptions {
  return {
    ...connection('.mcp-auth'),
    name: MCP_AUTH_DATA_SOURCE,
    autoLoadEntities: true,
    migrations: MCP_AUTH_MIGRATIONS,
    migrationsTableName: 'mcp_auth_migrations',
    migrationsRun: true,
  } as TypeOrmModuleOptions;
}
