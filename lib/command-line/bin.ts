#!/usr/bin/env node
import { Logger } from '@nestjs/common';
import { plainMessage } from '../maintenance/plain-message.js';
import { runCommand } from './run-command.js';

// What a command has to say it says itself.
Logger.overrideLogger(false);

/** The application's files may leave servers and timers behind: the process ends nevertheless. */
function exit(code: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => {
    process.stderr.write(`error: ${plainMessage(error)}\n`);
    exit(1);
  });
}

exit(
  await runCommand(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    signals: process,
  }),
);
