import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal. */
export type Output = Writable & { isTTY?: boolean; columns?: number };

/** What a command talks to: the process itself, or what a test puts in its place. */
export interface Terminal {
  stdout: Output;
  stderr: Output;
  stdin: Readable & { isTTY?: boolean };
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Emits SIGINT. */
  signals: EventEmitter;
}

export function writeLine(output: Output, line = ''): void {
  output.write(`${line}\n`);
}

export function writeJson(output: Output, value: unknown): void {
  writeLine(output, JSON.stringify(value, null, 2));
}
