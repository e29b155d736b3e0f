import { Command, CommanderError } from 'commander';
import { plainMessage } from '../maintenance/plain-message.js';
import { StorageUnavailableError } from '../storage/storage-unavailable.error.js';
import { VERSION } from '../version.js';
import { CommandFailure } from './command-failure.js';
import type { CommandGroup } from './command-group.js';
import { addCleanup } from './commands/cleanup.command.js';
import { addClients } from './commands/clients.command.js';
import { addDoctor } from './commands/doctor.command.js';
import { addKeys } from './commands/keys.command.js';
import { addRevocation } from './commands/revoke.command.js';
import { addStats } from './commands/stats.command.js';
import { writeLine, type Terminal } from './terminal.js';

const AFTER_HELP = `
Variables of an .env file: node --env-file=.env node_modules/nestjs-mcp-auth/dist/esm/command-line/bin.js <command>
Exit codes: 0 done, 1 not done, 2 wrong arguments.`;

/**
 * Runs `mcp-auth`.
 *
 * @param argv what follows the name of the command
 * @returns the exit code: 0 done, 1 it could not be done, 2 wrong arguments, 130 interrupted
 */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = createProgram(terminal, (code) => (exitCode = code));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said it already, with the usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    writeLine(terminal.stderr, `error: ${describe(error)}`);
    return error instanceof CommandFailure ? error.exitCode : 1;
  }
}

function createProgram(terminal: Terminal, exitWith: CommandGroup['exitWith']): Command {
  const parent = new Command('mcp-auth')
    .description('Looks after the clients, grants and keys of nestjs-mcp-auth')
    .version(VERSION, '-v, --version')
    .exitOverride()
    .showHelpAfterError()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns || 100,
      getErrHelpWidth: () => terminal.stderr.columns || 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', AFTER_HELP);
  const group: CommandGroup = { parent, terminal, exitWith };
  addCleanup(group);
  addStats(group);
  addRevocation(group);
  addClients(group);
  addDoctor(group);
  addKeys(group);
  return parent;
}

function describe(error: unknown): string {
  if (error instanceof CommandFailure) return error.message;
  if (error instanceof StorageUnavailableError) return `The database refused: ${plainMessage(error)}`;
  return plainMessage(error);
}
