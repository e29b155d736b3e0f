import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';

export interface HostDatabases {
  mcpAuth: TypeOrmModuleOptions;
  notes: TypeOrmModuleOptions;
  drop(): Promise<void>;
}

export interface HostDatabaseKind {
  name: string;
  create(): Promise<HostDatabases>;
}

/** A primary with a read replica that has fallen behind: it is empty, so that whatever is read from it is missing. */
export function postgresWithStaleReplica(url: string): HostDatabaseKind {
  return {
    name: 'PostgreSQL with a stale read replica',
    async create() {
      const [primary, replica, notes] = await Promise.all([database(url), database(url), database(url)]);
      return {
        mcpAuth: {
          type: 'postgres',
          replication: { master: { url: primary.url }, slaves: [{ url: replica.url }] },
        },
        notes: { type: 'postgres', url: notes.url },
        drop: async () => {
          await Promise.all([primary.drop(), replica.drop(), notes.drop()]);
        },
      };
    },
  };
}

async function database(server: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `mcp_auth_host_${randomBytes(6).toString('hex')}`;
  const admin = async (sql: string): Promise<void> => {
    const source = await new DataSource({ type: 'postgres', url: server }).initialize();
    await source.query(sql);
    await source.destroy();
  };
  await admin(`create database ${name}`);
  const target = new URL(server);
  target.pathname = `/${name}`;
  return { url: target.href, drop: () => admin(`drop database ${name} with (force)`) };
}
