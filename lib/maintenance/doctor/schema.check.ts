import type { Database } from '../../storage/database.js';
import { MCP_AUTH_ENTITIES } from '../../storage/entities.js';
import { plainMessage } from '../plain-message.js';
import type { DoctorCheck } from './doctor-check.js';

/** Whether tables, columns and indexes are what the entities say. Asks TypeORM what it would change, and changes nothing. */
export async function checkSchema(database: Database): Promise<DoctorCheck> {
  try {
    await database.assertReady();
  } catch (error) {
    return { name: 'schema', status: 'failure', message: plainMessage(error) };
  }
  const { dataSource } = database;
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  const differing = MCP_AUTH_ENTITIES.map((entity) => dataSource.getMetadata(entity).tableName).filter(
    (table) => {
      const name = new RegExp(`(?<!\\w)${table}(?!\\w)`);
      return upQueries.some(({ query }) => name.test(query));
    },
  );
  if (differing.length === 0)
    return { name: 'schema', status: 'ok', message: 'Tables, columns and indexes are there' };
  return {
    name: 'schema',
    status: 'failure',
    message:
      `Columns or indexes differ in ${differing.join(', ')}: run the migrations of nestjs-mcp-auth, ` +
      'or see what `typeorm schema:log` would change',
  };
}
