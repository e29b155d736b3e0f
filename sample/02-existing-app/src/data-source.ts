import { MCP_AUTH_ENTITIES } from 'nestjs-mcp-auth';
import { DataSource } from 'typeorm';
import type { PostgresConnectionOptions } from 'typeorm/driver/postgres/PostgresConnectionOptions';
import { CreateUsers1735700000000 } from './migrations/1735700000000-create-users';
import { CreateTasks1735700000001 } from './migrations/1735700000001-create-tasks';
import { CreateSessions1735700000002 } from './migrations/1735700000002-create-sessions';
import { CreateMcpAuthTables1764000000000 } from './migrations/1764000000000-create-mcp-auth-tables';
import { AddMcpAuthOperatorClients1764100000000 } from './migrations/1764100000000-add-mcp-auth-operator-clients';
import { IndexMcpAuthUnredeemedGrants1764200000000 } from './migrations/1764200000000-index-mcp-auth-unredeemed-grants';
import { Task } from './tasks/task.entity';
import { User } from './users/user.entity';

export function databaseOptions(url: string | undefined): PostgresConnectionOptions {
  return {
    type: 'postgres',
    url,
    entities: [User, Task, ...MCP_AUTH_ENTITIES],
    migrations: [
      CreateUsers1735700000000,
      CreateTasks1735700000001,
      CreateSessions1735700000002,
      CreateMcpAuthTables1764000000000,
      AddMcpAuthOperatorClients1764100000000,
      IndexMcpAuthUnredeemedGrants1764200000000,
    ],
    extra: { connectionTimeoutMillis: 10_000 },
  };
}

/** For the TypeORM command line: `npm run migration:run`. */
export default new DataSource(databaseOptions(process.env.DATABASE_URL));
