import { postgresWithStaleReplica, type HostDatabaseKind } from '../consumers/hostile-host/test/databases.js';
import { describeHostileHost } from '../consumers/hostile-host/test/hostile-host.suite.js';
import { testDatabases } from '../support/databases.js';

const sqlite: HostDatabaseKind = {
  name: 'SQLite',
  async create() {
    const [kind] = testDatabases();
    const [mcpAuth, notes] = [await kind!.create(), await kind!.create()];
    return {
      mcpAuth: mcpAuth.options,
      notes: notes.options,
      drop: async () => {
        await mcpAuth.drop();
        await notes.drop();
      },
    };
  },
};

describeHostileHost([sqlite, postgresWithStaleReplica(process.env.MCP_AUTH_TEST_POSTGRES_URL ?? '')]);
