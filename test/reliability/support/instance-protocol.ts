import type { DataSourceOptions } from 'typeorm';
import type { McpAuthOptions } from '../../../lib/index.js';

/** What an instance is started with, as JSON in the environment variable INSTANCE_SETTINGS. */
export interface InstanceSettings {
  port: number;
  /** The issuer, shared by all instances of one application. */
  serverUrl: string;
  /** Of a DataSource; for SQLite only `type` and `database` count. */
  database: DataSourceOptions;
  options: Partial<McpAuthOptions>;
}

/** What a test asks of an instance, beside HTTP. */
export type InstanceCommand = { id: number } & (
  | { name: 'cleanup' }
  | { name: 'revokeUser'; userId: string }
  /** From now on the instance's own clock is wrong by so much. */
  | { name: 'setClock'; skewMs: number }
  /** Takes so many connections from the instance's pool, until they are let go. */
  | { name: 'hold'; connections: number }
  | { name: 'letGo' }
  /** Runs on the instance's own connection: for what belongs to a connection, such as a pragma. */
  | { name: 'sql'; text: string }
);

/** How a command ended. */
export interface InstanceReply {
  id: number;
  result?: unknown;
  error?: string;
}
