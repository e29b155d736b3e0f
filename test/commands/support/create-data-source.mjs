import { DataSource } from 'typeorm';
import { sqliteOptions } from '../../../sample/01-quickstart/src/database/sqlite-options.js';

/** A DataSource as an application's own file would export it. It would create a table of its own when it were opened. */
export function createDataSource(options) {
  return new DataSource({
    ...(options.type === 'better-sqlite3' ? sqliteOptions(options.database) : options),
    ...options.more,
    entities: ['src/**/*.entity.js'],
    synchronize: true,
    dropSchema: true,
    logging: true,
  });
}
