import { MCP_AUTH_ENTITIES, MCP_AUTH_MIGRATIONS } from 'nestjs-mcp-auth';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { required } from './environment.js';
import { CreateNotes1764000000001 } from './notes/create-notes.migration.js';
import { Note } from './notes/note.entity.js';

export function databaseOptions(): PostgresDataSourceOptions {
  return {
    type: 'postgres',
    url: required('DATABASE_URL'),
    entities: [Note, ...MCP_AUTH_ENTITIES],
    migrations: [...MCP_AUTH_MIGRATIONS, CreateNotes1764000000001],
    // The connections of all instances together have to fit into the server's max_connections.
    poolSize: 10,
    extra: { connectionTimeoutMillis: 5_000 },
  };
}
