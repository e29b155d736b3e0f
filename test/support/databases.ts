import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { sqliteOptions } from '../../sample/01-quickstart/src/database/sqlite-options.js';

export interface TestDatabase {
  options: DataSourceOptions;
  drop(): Promise<void>;
}

export interface TestDatabaseKind {
  name: 'sqlite' | 'postgres' | 'mariadb';
  create(): Promise<TestDatabase>;
}

const sqlite: TestDatabaseKind = {
  name: 'sqlite',
  async create() {
    const folder = await mkdtemp(join(tmpdir(), 'mcp-auth-'));
    return {
      options: sqliteOptions(join(folder, 'test.db')),
      drop: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

/** A fresh database on a server, dropped afterwards. */
export async function onServer(type: 'postgres' | 'mariadb', url: string): Promise<TestDatabase> {
  const database = `mcp_auth_test_${randomBytes(6).toString('hex')}`;
  const admin = async (sql: string): Promise<void> => {
    const source = await new DataSource({ type, url }).initialize();
    try {
      await source.query(sql);
    } finally {
      await source.destroy();
    }
  };
  await admin(`create database ${database}`);
  const target = new URL(url);
  target.pathname = `/${database}`;
  return {
    options: {
      type,
      url: target.href,
      ...(type === 'postgres'
        ? { poolSize: 10, extra: { connectionTimeoutMillis: 10_000 } }
        : { extra: { connectionLimit: 10 } }),
    } as DataSourceOptions,
    drop: () => admin(`drop database ${database}${type === 'postgres' ? ' with (force)' : ''}`),
  };
}

/**
 * SQLite always; PostgreSQL on MCP_AUTH_TEST_POSTGRES_URL, which the global setup points at an embedded server when it is
 * unset; MariaDB on MCP_AUTH_TEST_MYSQL_URL.
 */
export function testDatabases(): TestDatabaseKind[] {
  const { MCP_AUTH_TEST_POSTGRES_URL: postgres, MCP_AUTH_TEST_MYSQL_URL: mariadb } = process.env;
  return [
    sqlite,
    ...(postgres ? [{ name: 'postgres' as const, create: () => onServer('postgres', postgres) }] : []),
    ...(mariadb ? [{ name: 'mariadb' as const, create: () => onServer('mariadb', mariadb) }] : []),
  ];
}
