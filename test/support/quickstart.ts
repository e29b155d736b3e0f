import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './app.js';
import { hiddenFields, TestBrowser } from './flow.js';

const START = resolve('sample/01-quickstart/start.mjs');
const START_TIMEOUT_MS = 90_000;

export interface Quickstart {
  url: string;
  /** Everything that the process printed so far. */
  output(): string;
  /** Asks it to end, and waits. The exit code; null when a signal ended it. */
  stop(): Promise<number | null>;
  /** Ends it on the spot, as a crash or a power failure would. */
  kill(): Promise<void>;
}

/** An empty working directory, in which the quickstart keeps its `.data/`. */
export async function emptyFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'mcp-auth-quickstart-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function collect(child: ChildProcess): () => string {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return () => output;
}

function environmentOf(more: Record<string, string>): NodeJS.ProcessEnv {
  const environment = { ...process.env, ...more };
  // Jest's own, under which an application would not behave as a newcomer's does.
  for (const name of ['NODE_ENV', 'NODE_OPTIONS', 'JEST_WORKER_ID']) delete environment[name];
  return environment;
}

/** What `npm start` runs, in a process and a working directory of its own. */
export async function startQuickstart(
  folder: string,
  environment: Record<string, string> = {},
): Promise<Quickstart> {
  const port = environment.PORT ?? String(await freePort());
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, [START], {
    cwd: folder,
    env: environmentOf({ PORT: port, ...environment }),
  });
  const output = collect(child);
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!output().includes('The MCP server is at')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`The quickstart did not start:\n${output()}`);
    }
    await delay(50);
  }
  return {
    url,
    output,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What `npm run client` runs: resolves with the URL that it prints, and `finished` with all of its output. */
export async function startClient(
  folder: string,
  mcpUrl: string,
): Promise<{ authorizationUrl: string; finished: Promise<string> }> {
  const child = spawn(process.execPath, [START, 'client', mcpUrl], { cwd: folder, env: environmentOf({}) });
  const output = collect(child);
  const finished = new Promise<string>((done) => child.once('exit', () => done(output())));
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const authorizationUrl = /https?:\/\/\S+\/oauth\/authorize\S+/.exec(output())?.[0];
    if (authorizationUrl !== undefined) return { authorizationUrl, finished };
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`The client printed no URL:\n${output()}`);
    }
    await delay(50);
  }
}

/** Follows the redirect to the login form, signs in, and returns where the browser is sent then. */
export async function signIn(
  browser: TestBrowser,
  authorizationUrl: string,
  username = 'alice',
  password = 'wonderland',
): Promise<string> {
  const toLogin = await browser.request(authorizationUrl);
  const loginUrl = new URL(toLogin.headers.get('location') ?? '', authorizationUrl);
  const form = await browser.request(loginUrl.href);
  const answer = await browser.submit(
    new URL('/login', loginUrl).href,
    [...hiddenFields(await form.text()), ['username', username], ['password', password]],
    { origin: loginUrl.origin },
  );
  const location = answer.headers.get('location');
  if (answer.status !== 303 || location === null) throw new Error(`login: ${answer.status}`);
  return new URL(location, loginUrl).href;
}
