// Runs the application on DATABASE_URL, or on a PostgreSQL of its own.
import { spawn, spawnSync } from 'node:child_process';
import { startEmbeddedPostgres } from './postgres.mjs';

const port = process.env.PORT || '3000';
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
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.kill(signal));
  console.log(`
  The application is at http://localhost:${port}/api/auth/login
  Users: alice@example.com (wonderland) and bob@example.com (builder).
`);
  process.exitCode = await new Promise((resolve) => app.once('exit', (code) => resolve(code ?? 0)));
} finally {
  await server?.stop();
}
