// Runs samples with the package as this repository would publish it, in the place of the registry's:
//
//   npm run sample -- 02-existing-app start|build|test
//   npm run sample -- all build|test
//
// Each runs as a copy in a temporary folder, so that it finds nothing but what its own package.json names.
import { spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const leftBehind = ['node_modules', 'dist', '.data', 'package-lock.json'];

const commands = {
  build: [['run', 'build']],
  start: [['start']],
  test: [['run', 'build'], ['test'], ['run', 'test:e2e', '--if-present']],
};

/** 01-quickstart has no package.json: it runs and is tested with the repository itself. */
const samples = (await readdir(here)).filter((name) => existsSync(join(here, name, 'package.json'))).sort();

/** Ends with an error that shows the output, unless that was seen already. */
function run(command, args, { cwd, isSeen = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: isSeen ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${args.join(' ')} ended with ${code ?? signal}\n${output}`)),
    );
  });
}

async function pack(folder) {
  await run(process.execPath, ['build.mjs'], { cwd: root });
  await run('npm', ['pack', '--pack-destination', folder], { cwd: root });
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  return join(folder, tarball);
}

async function runSample(name, command, { workshop, tarball, isSeen }) {
  const cwd = join(workshop, name);
  await cp(join(here, name), cwd, {
    recursive: true,
    filter: (source) => !leftBehind.includes(basename(source)),
  });
  const quietly = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--prefer-offline'];
  await run('npm', ['install', ...quietly, tarball], { cwd });
  for (const args of commands[command]) await run('npm', args, { cwd, isSeen });
}

const [target, command = 'test'] = process.argv.slice(2);
const isAll = target === 'all';
if (!(isAll ? command !== 'start' : samples.includes(target)) || !(command in commands)) {
  console.error(`Usage: npm run sample -- <sample> start|build|test, or: all build|test
Samples: ${samples.join(', ')}. For 01-quickstart: npm start, npm test.`);
  process.exit(2);
}

// Ctrl-C reaches the sample as well; the temporary folder is removed when that has ended.
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (isInterrupted = true));

const workshop = await mkdtemp(join(tmpdir(), 'mcp-auth-sample-'));
// An embedded PostgreSQL refuses to run as root: another user has to reach its programs then.
if (process.getuid?.() === 0) await chmod(workshop, 0o755);
try {
  console.log('Packing nestjs-mcp-auth ...');
  const tarball = await pack(workshop);
  for (const name of isAll ? samples : [target]) {
    const startedAt = Date.now();
    const report = (what) =>
      console.log(`${name}: ${what} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
    try {
      if (!isAll) console.log(`Installing ${name} ...`);
      await runSample(name, command, { workshop, tarball, isSeen: !isAll });
      report(`${command} ok`);
    } catch (error) {
      if (isInterrupted) break;
      process.exitCode = 1;
      console.error(error.message);
      report(`${command} FAILED`);
    }
  }
  if (isInterrupted && command !== 'start') process.exitCode = 130;
} finally {
  await rm(workshop, { recursive: true, force: true });
}
