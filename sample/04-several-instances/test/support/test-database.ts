import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startEmbeddedPostgres, type PostgresServer } from '../../src/cluster/postgres.js';

export interface TestDatabase {
  url: string;
  query(sql: string): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A database of its own, on the server of DATABASE_URL or MCP_AUTH_TEST_POSTGRES_URL if there is one. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const given = process.env.DATABASE_URL || process.env.MCP_AUTH_TEST_POSTGRES_URL;
  const server: PostgresServer = given
    ? { url: given, stop: () => Promise.resolve() }
    : await startEmbeddedPostgres();
  const name = `sample_test_${randomBytes(6).toString('hex')}`;
  await query(server.url, `create database ${name}`);
  const url = Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  return {
    url,
    query: (sql) => query(url, sql),
    async drop() {
      await query(server.url, `drop database ${name} with (force)`);
      await server.stop();
    },
  };
}
