import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource, DefaultNamingStrategy, type DataSourceOptions } from 'typeorm';
import { McpAuthClientEntity } from '../../lib/storage/client.entity.js';
import { ClientRepository } from '../../lib/storage/client.repository.js';
import { Database } from '../../lib/storage/database.js';
import { MCP_AUTH_ENTITIES } from '../../lib/storage/entities.js';
import { sha256Hex } from '../../lib/storage/hash.js';
import { MCP_AUTH_MIGRATIONS } from '../../lib/storage/migrations.js';
import { testDatabases, type TestDatabase } from '../support/databases.js';

class ShoutingNames extends DefaultNamingStrategy {
  override columnName(property: string, custom: string, prefixes: string[]): string {
    return `x_${super.columnName(property, custom, prefixes)}`;
  }
}

describe.each(testDatabases())('the migrations on $name', ({ name, create }) => {
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

  it.each([
    ['plain', {}],
    ['with an entity prefix', { entityPrefix: 'app_' }],
    ['with a naming strategy', { namingStrategy: new ShoutingNames() }],
  ])('adds to a database in use what a new version needs, and takes it away again, %s', async (_, extra) => {
    await open({ ...extra, migrations: MCP_AUTH_MIGRATIONS.slice(0, 1) });
    await source.runMigrations();
    const { tablePath, columns } = source.getMetadata(McpAuthClientEntity);
    const name = (property: string): string =>
      columns.find(({ propertyName }) => propertyName === property)!.databaseName;
    const values: Record<string, string> = {
      clientIdHash: `'${sha256Hex('known')}'`,
      clientId: "'known'",
      clientName: "'Known since long'",
      redirectUris: "'[]'",
      grantTypes: "'[]'",
      tokenEndpointAuthMethod: "'none'",
      createdAt: '1',
    };
    await source.query(
      `insert into ${tablePath} (${Object.keys(values).map(name).join(', ')}) values (${Object.values(values).join(', ')})`,
    );
    await expect(new Database(source).assertReady()).rejects.toThrow(
      /is missing or out of date: run the migr/,
    );
    await source.destroy();

    await open(extra);
    await source.runMigrations();
    await new Database(source).assertReady();
    const clients = new ClientRepository(new Database(source));
    expect(await clients.find('known')).toMatchObject({ registeredBy: null, allowIntrospection: false });
    const indexes = await (await source.createQueryRunner().getTable(tablePath))!.indices;
    expect(indexes.map(({ columnNames }) => columnNames)).toEqual([[name('markedAt')]]);

    for (let last = MCP_AUTH_MIGRATIONS.length; last > 1; last--) await source.undoLastMigration();
    const rows: unknown[] = await source.query(`select * from ${tablePath}`);
    expect(rows).toHaveLength(1);
    expect(Object.keys(rows[0] as object)).not.toContain(name('registeredBy'));
  });

  it('takes everything away again', async () => {
    await open();
    await source.runMigrations();
    for (const { name: migration } of [...MCP_AUTH_MIGRATIONS].reverse()) {
      await source.undoLastMigration();
      expect(await source.query('select name from migrations')).not.toContainEqual({ name: migration });
    }
    const runner = source.createQueryRunner();
    for (const { tableName } of source.entityMetadatas) expect(await runner.hasTable(tableName)).toBe(false);
    await runner.release();
  });

  it('says what to add when the entities are not registered', async () => {
    await open({ entities: [] });
    await expect(source.runMigrations()).rejects.toThrow(/MCP_AUTH_ENTITIES/);
  });
});
