import { CreateMcpAuthTables1764000000000 } from './migrations/1764000000000-create-mcp-auth-tables.js';
import { AddMcpAuthOperatorClients1764100000000 } from './migrations/1764100000000-add-mcp-auth-operator-clients.js';
import { IndexMcpAuthUnredeemedGrants1764200000000 } from './migrations/1764200000000-index-mcp-auth-unredeemed-grants.js';

/**
 * The module's migrations, in order, for the `migrations` of the application's DataSource.
 *
 * @example
 * new DataSource({ ...options, entities: MCP_AUTH_ENTITIES, migrations: MCP_AUTH_MIGRATIONS })
 */
export const MCP_AUTH_MIGRATIONS = [
  CreateMcpAuthTables1764000000000,
  AddMcpAuthOperatorClients1764100000000,
  IndexMcpAuthUnredeemedGrants1764200000000,
];
