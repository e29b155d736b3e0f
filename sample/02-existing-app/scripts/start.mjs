// Runs the application on DATABASE_URL, or on a PostgreSQL of its own.
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedPostgres } from './postgres.mjs';

const url = `http://localhost:${process.env.PORT || '3000'}`;
let server;
if (!process.env.DATABASE_URL) {
  console.log('DATABASE_URL is not set: starting an embedded PostgreSQL. Its data is gone when you stop.');
  server = await startEmbeddedPostgres();
}
const env = { ...process.env, ...(server && { DATABASE_URL: server.url }) };

function run(...args) {
  if (spawnSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0)
    throw new Error(`${args[0]} failed`);
}

try {
  run('node_modules/typeorm/cli.js', 'migration:run', '-d', 'dist/data-source.js');
  run('dist/seed.js');
  const app = spawn(process.execPath, ['dist/main.js'], { env, stdio: 'inherit' });
  const ended = new Promise((resolve) => app.once('exit', (code) => resolve(code ?? 0)));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.kill(signal));
  while (app.exitCode === null && !(await fetch(url).catch(() => null))) await delay(100);
  if (app.exitCode === null) {
    console.log(`
  The MCP server is at ${url}/api/mcp, the login page at ${url}/api/auth/login
  Users: alice@example.com (wonderland) and bob@example.com (builder).
`);
  }
  process.exitCode = await ended;
} finally {
  await server?.stop();
}
