import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Finished {
  /** Null when a signal ended it. */
  code: number | null;
  /** Standard output and standard error, as they came. */
  output: string;
}

/** An empty folder outside of this repository, where nothing of ours is found by accident. */
export async function temporaryFolder(name: string): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `mcp-auth-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The environment of a developer's shell: without what Jest and npm put into ours. */
export function cleanEnvironment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  for (const name of Object.keys(environment)) {
    if (/^(npm_|JEST_|MCP_(?!AUTH_TEST))/.test(name)) delete environment[name];
  }
  delete environment.NODE_ENV;
  delete environment.NODE_OPTIONS;
  return { ...environment, ...more };
}

/** Runs a command to its end. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env, input = '' }: { cwd: string; env?: Record<string, string>; input?: string },
): Promise<Finished> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env: cleanEnvironment(env) });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', fail);
    child.once('close', (code) => done({ code, output }));
    // A command may end before it has read its input.
    child.stdin.once('error', () => undefined);
    child.stdin.end(input);
  });
}

/** As {@link run}; anything but success is an error that shows what was printed. */
export async function runOrFail(...parameters: Parameters<typeof run>): Promise<string> {
  const { code, output } = await run(...parameters);
  if (code === 0) return output;
  throw new Error(`${parameters[0]} ${parameters[1].join(' ')} ended with ${code}:\n${output}`);
}

/** Builds the package and packs it, as it would be published. Answers the tarball's path in `folder`. */
export async function packInto(folder: string): Promise<string> {
  const root = resolve('.');
  await runOrFail(process.execPath, ['build.mjs'], { cwd: root });
  const output = await runOrFail('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  const [{ filename }] = JSON.parse(output.slice(output.indexOf('['))) as [{ filename: string }];
  return join(folder, filename);
}

/** Installs into a folder that has a package.json, without asking or reporting. */
export function npmInstall(folder: string, ...packages: string[]): Promise<string> {
  return runOrFail('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder });
}
