import type { TypeOrmModuleOptions } from '@nestjs/typeorm';

export type AdapterName = 'express' | 'fastify';

export interface HostSettings {
  adapter: AdapterName;
  /** Public base URL. */
  url: string;
  /** Of the application's own tables: a DataSource called `notes`. */
  notesDatabase: TypeOrmModuleOptions;
  /** How the application authorizes MCP clients; without it, it is as it was before. */
  mcpAuth?: {
    database: TypeOrmModuleOptions;
    /** Name of the DataSource that the module stores into. Default: the unnamed one. */
    dataSourceName?: string;
    /** PEM of a P-256 key. */
    signingKey: string;
  };
}
