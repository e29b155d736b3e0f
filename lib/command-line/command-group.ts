import type { Command } from 'commander';
import { CommandFailure } from './command-failure.js';
import type { Terminal } from './terminal.js';

/** Where commands are added, and what they run in. */
export interface CommandGroup {
  parent: Command;
  terminal: Terminal;
  /** Sets an exit code other than 0, for a command that has said everything itself. */
  exitWith(code: number): void;
}

/** Adds `-d` and `-o`. */
export function withDatabaseOptions(command: Command): Command {
  return command
    .requiredOption(
      '-d, --data-source <file>',
      'file that exports the TypeORM DataSource with the tables of nestjs-mcp-auth',
    )
    .option(
      '-o, --options <file>',
      'file that exports the options of McpAuthModule; default: the environment (MCP_SERVER_URL, MCP_HMAC_SECRET, ...)',
    );
}

/** What the command does. What turns out to be asked for in a wrong way is answered with its usage. */
export function perform<Parameters extends unknown[]>(
  command: Command,
  work: (...parameters: Parameters) => Promise<void>,
): void {
  command.action(async (...parameters: unknown[]) => {
    try {
      await work(...(parameters as Parameters));
    } catch (error) {
      if (error instanceof CommandFailure && error.exitCode === 2) {
        command.error(`error: ${error.message}`, { exitCode: 2 });
      }
      throw error;
    }
  });
}
