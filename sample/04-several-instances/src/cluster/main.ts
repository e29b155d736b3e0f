import { startCluster } from './cluster.js';
import { startEmbeddedPostgres, type PostgresServer } from './postgres.js';

async function database(): Promise<PostgresServer> {
  const { DATABASE_URL: url } = process.env;
  if (url) return { url, stop: () => Promise.resolve() };
  console.log('DATABASE_URL is not set: starting an embedded PostgreSQL. Its data is gone when you stop.');
  return startEmbeddedPostgres();
}

const server = await database();
const cluster = await startCluster(server.url, Number(process.env.PORT || 3000));

console.log(`
  The MCP server is at ${cluster.url}/mcp/api
  behind it ${cluster.instances.map(({ name, url }) => `${name} (${url})`).join(' and ')}.
  Sign in as alice (wonderland) or bob (builder). End one instance, and the other goes on:
    kill ${cluster.instances[0]?.process.pid}
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void cluster.stop().then(() => server.stop());
  });
}
