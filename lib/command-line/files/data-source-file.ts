import { existsSync } from 'node:fs';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { plainMessage } from '../../maintenance/plain-message.js';
import { MCP_AUTH_ENTITIES } from '../../storage/entities.js';
import { CommandFailure, DatabaseUnreachable } from '../command-failure.js';
import { exportedValues } from './exported-values.js';
import { isClass, isPlainObject } from './kinds.js';

/** A DataSource of the application, which may come from another copy of TypeORM than ours. */
type ExportedDataSource = Pick<DataSource, 'options' | 'isInitialized' | 'initialize' | 'destroy'>;

/**
 * Opens a DataSource of our own with the connection, prefix, schema and naming strategy of the one that a file exports:
 * so it does not matter how the application lists its entities, and nothing of it is synchronized, migrated or logged.
 *
 * @throws {CommandFailure} saying what is wrong with the file or the database
 */
export async function openDataSource(name: string, cwd: string): Promise<DataSource> {
  const exported = await exportedDataSource(name, cwd);
  // Its own connection is of no use here, and would keep the process alive.
  if (exported.isInitialized) await exported.destroy();
  assertFileExists(exported.options);
  try {
    return await new DataSource({
      ...exported.options,
      entities: MCP_AUTH_ENTITIES,
      migrations: [],
      subscribers: [],
      synchronize: false,
      migrationsRun: false,
      dropSchema: false,
      cache: false,
      logging: false,
      logger: undefined,
    } as DataSourceOptions).initialize();
  } catch (error) {
    throw new DatabaseUnreachable(`The database cannot be opened: ${plainMessage(error)}`);
  }
}

async function exportedDataSource(name: string, cwd: string): Promise<ExportedDataSource> {
  const values = await exportedValues(name, cwd);
  const found = dataSourcesAmong(values);
  const functions = values.filter((value) => typeof value === 'function' && !isClass(value));
  if (found.length === 0 && functions.length === 1) {
    found.push(...dataSourcesAmong([await answerOf(functions[0] as () => unknown, name)]));
  }
  const [dataSource] = found;
  if (dataSource && found.length === 1) return dataSource;
  throw new CommandFailure(
    `'${name}' must export one TypeORM DataSource (or a promise of one, or a function that returns one), ` +
      `but exports ${found.length === 0 ? 'none' : `${found.length}: write a file that exports the one with the tables of nestjs-mcp-auth`}`,
  );
}

async function answerOf(create: () => unknown, name: string): Promise<unknown> {
  try {
    return await create();
  } catch (error) {
    throw new CommandFailure(`The function that '${name}' exports failed: ${plainMessage(error)}`);
  }
}

function dataSourcesAmong(values: unknown[]): ExportedDataSource[] {
  // What CommonJS exports may come in one object.
  const all = values.flatMap((value) => [value, ...(isPlainObject(value) ? Object.values(value) : [])]);
  return [...new Set(all.filter(isDataSource))];
}

function isDataSource(value: unknown): value is ExportedDataSource {
  if (typeof value !== 'object' || value === null || !('options' in value) || !('initialize' in value))
    return false;
  const { options, initialize } = value;
  return (
    typeof initialize === 'function' && typeof options === 'object' && options !== null && 'type' in options
  );
}

/** SQLite would create an empty file, and everything would look as if it were gone. */
function assertFileExists(options: object): void {
  const { type, database } = options as { type: string; database?: unknown };
  if (!['better-sqlite3', 'sqlite'].includes(type) || typeof database !== 'string') return;
  if (/^(:memory:|file:|$)/.test(database) || existsSync(database)) return;
  throw new DatabaseUnreachable(
    `There is no database file ${database}: start the command in the folder from which the application is started`,
  );
}
