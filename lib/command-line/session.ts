import { loadConfig, type CommandConfig } from './command-config.js';
import { findFile } from './files/find-file.js';
import { openDataSource } from './files/data-source-file.js';
import { composeServices, type Services } from './services.js';
import type { Terminal } from './terminal.js';

/** Options of every command that needs the database. */
export interface DatabaseOptions {
  dataSource: string;
  options?: string;
}

export interface Session extends CommandConfig {
  services: Services;
}

/** Opens the database for a piece of work and closes it afterwards. */
export async function withServices<T>(
  terminal: Terminal,
  options: DatabaseOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  // Both files first: what is asked for in a wrong way needs no database.
  if (options.options !== undefined) findFile(options.options, terminal.cwd);
  const dataSource = await openDataSource(options.dataSource, terminal.cwd);
  try {
    // After the file of the DataSource, which may have loaded an .env file.
    const config = await loadConfig(options.options, terminal);
    return await work({ ...config, services: composeServices(dataSource, config.config) });
  } finally {
    await dataSource.destroy();
  }
}

/** As {@link withServices}, on a database whose tables are known to be up to date. */
export function withTables<T>(
  terminal: Terminal,
  options: DatabaseOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return withServices(terminal, options, async (session) => {
    await session.services.database.assertReady();
    await session.services.clock.measure();
    return work(session);
  });
}
