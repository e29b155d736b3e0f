import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { cleanEnvironment } from './workspace.js';

const START_TIMEOUT_MS = 300_000;

export interface RunningProcess {
  output(): string;
  /** Ends it with all of its children, and waits. */
  stop(): Promise<void>;
}

/** Runs a server, in a shell, and waits until it says that it has started. */
export async function startServer(
  command: string,
  started: string,
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<RunningProcess> {
  // A group of its own: `npm start` and `nest start` do not pass signals on.
  const child = spawn(command, { cwd, env: cleanEnvironment(env), shell: true, detached: true });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const closed = new Promise<void>((done) => child.once('close', () => done()));
  const stop = async (): Promise<void> => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
    await closed;
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!text.includes(started)) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${command} did not start:\n${text}`);
    }
    await delay(50);
  }
  return { output: () => text, stop };
}
