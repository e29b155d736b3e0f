import { McpAuthClientEntity } from './client.entity.js';
import { McpAuthGrantEntity } from './grant.entity.js';
import { McpAuthLeaseEntity } from './lease.entity.js';
import { McpAuthRevocationEntity } from './revocation.entity.js';

/**
 * The module's entities, for a DataSource that lists its own instead of using `autoLoadEntities`.
 *
 * @example
 * TypeOrmModule.forRoot({ ...options, entities: [User, ...MCP_AUTH_ENTITIES] })
 */
export const MCP_AUTH_ENTITIES: (new () => object)[] = [
  McpAuthClientEntity,
  McpAuthGrantEntity,
  McpAuthRevocationEntity,
  McpAuthLeaseEntity,
];
