import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource, DefaultNamingStrategy, type DataSourceOptions } from 'typeorm';
import { MCP_AUTH_ENTITIES } from '../../lib/storage/entities.js';
import { MCP_AUTH_MIGRATIONS } from '../../lib/storage/migrations.js';
import { testDatabases, type TestDatabase } from '../support/databases.js';

class ShoutingNames extends DefaultNamingStrategy {
  override columnName(property: string, custom: string, prefixes: string[]): string {
    return `x_${super.columnName(property, custom, prefixes)}`;
  }
}

describe.each(testDatabases())('the migration on $name', ({ name, create }) => {
  let database: TestDatabase;
  let source: DataSource;

  beforeEach(async () => {
    database = await create();
  });
  afterEach(async () => {
    if (source.isInitialized) await source.destroy();
    await database.drop();
  });

  const open = async (extra: object = {}): Promise<DataSource> => {
    source = await new DataSource({
      ...database.options,
      entities: MCP_AUTH_ENTITIES,
      migrations: MCP_AUTH_MIGRATIONS,
      ...extra,
    } as DataSourceOptions).initialize();
    return source;
  };

  it.each([
    ['plain', {}],
    ['with an entity prefix', { entityPrefix: 'app_' }],
    ['with a naming strategy', { namingStrategy: new ShoutingNames() }],
  ])('leaves no difference to the entities, %s', async (_, extra) => {
    await open(extra);
    await source.runMigrations();
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  // Only PostgreSQL has schemas inside a database.
  if (name === 'postgres') {
    it('works in a schema of its own', async () => {
      await open();
      await source.query('create schema auth');
      await source.destroy();
      await open({ schema: 'auth' });
      await source.runMigrations();
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      expect(upQueries).toEqual([]);
      const tables: { table_schema: string }[] = await source.query(
        "select table_schema from information_schema.tables where table_name like 'mcp_auth_%'",
      );
      expect(new Set(tables.map((table) => table.table_schema))).toEqual(new Set(['auth']));
    });
  }

  it('takes everything away again', async () => {
    await open();
    await source.runMigrations();
    for (let undone = 0; undone < MCP_AUTH_MIGRATIONS.length; undone++) await source.undoLastMigration();
    const runner = source.createQueryRunner();
    for (const { tableName } of source.entityMetadatas) expect(await runner.hasTable(tableName)).toBe(false);
    await runner.release();
  });

  it('says what to add when the entities are not registered', async () => {
    await open({ entities: [] });
    await expect(source.runMigrations()).rejects.toThrow(/MCP_AUTH_ENTITIES/);
  });
});
