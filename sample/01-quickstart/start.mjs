// Builds the library and this sample when their sources are newer than the last build, then runs the server or the client.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const here = new URL('./', import.meta.url);
const marker = new URL('dist/.built', here);
const lock = new URL('.data/build.lock/', root);

function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => statSync(new URL(name, folder)).mtimeMs),
  );
}

function isStale() {
  if (!existsSync(marker) || !existsSync(new URL('dist/esm/index.js', root))) return true;
  return Math.max(newest(new URL('lib/', root)), newest(new URL('src/', here))) > statSync(marker).mtimeMs;
}

function run(script, args) {
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: fileURLToPath(root),
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Several `npm start` at once: one builds, the others wait. */
async function buildOnce() {
  mkdirSync(new URL('.data/', root), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      // A builder that was killed leaves its lock behind.
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 120_000)
        rmSync(lock, { recursive: true });
      await delay(200);
    }
  }
  try {
    if (!isStale()) return;
    console.log('Building ...');
    run('build.mjs', []);
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    run(tsc, ['-p', fileURLToPath(new URL('tsconfig.json', here))]);
    writeFileSync(marker, '');
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

if (isStale()) await buildOnce();
await import(new URL(process.argv[2] === 'client' ? 'dist/client.js' : 'dist/main.js', here));
