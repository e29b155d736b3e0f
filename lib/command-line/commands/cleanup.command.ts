import type { CleanupResult } from '../../maintenance/cleanup.service.js';
import { CommandFailure } from '../command-failure.js';
import { perform, withDatabaseOptions, type CommandGroup } from '../command-group.js';
import { progressView } from '../output/progress.js';
import { counted } from '../output/table.js';
import { withTables, type DatabaseOptions, type Session } from '../session.js';
import { writeLine, type Terminal } from '../terminal.js';

export function addCleanup({ parent, terminal }: CommandGroup): void {
  const command = withDatabaseOptions(parent.command('cleanup'))
    .description('Remove rows that can no longer matter')
    .option('--dry-run', 'count what would be removed, and change nothing');
  perform(command, (options: DatabaseOptions & { dryRun?: boolean }) =>
    withTables(terminal, options, (session) =>
      options.dryRun ? preview(terminal, session) : cleanUp(terminal, session),
    ),
  );
}

async function preview({ stdout }: Terminal, session: Session): Promise<void> {
  writeLine(stdout, 'What a cleanup would do now:');
  report(stdout, 'Would remove', await session.services.cleanup.preview(), session);
  writeLine(stdout, 'Nothing was changed.');
}

async function cleanUp(terminal: Terminal, session: Session): Promise<void> {
  const { stdout, signals } = terminal;
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  signals.once('SIGINT', interrupt);
  const progress = progressView(stdout);
  writeLine(stdout, 'Cleaning up expired MCP Auth tokens...');
  try {
    const result = await session.services.cleanup.run({
      onProgress: (step) => progress.show(step),
      signal: interrupted.signal,
    });
    progress.end();
    if (!result) {
      writeLine(stdout, 'Another cleanup is running, here or on another instance: nothing was done.');
      return;
    }
    report(stdout, 'Removed', result, session);
    if (interrupted.signal.aborted) {
      throw new CommandFailure('Interrupted: the rest is left for the next cleanup.', 130);
    }
    writeLine(stdout, 'Cleanup complete!');
  } finally {
    signals.off('SIGINT', interrupt);
  }
}

function report(
  stdout: Terminal['stdout'],
  verb: string,
  { grants, revocations, clients }: CleanupResult,
  { hasOptions }: Session,
): void {
  writeLine(stdout, `  - ${verb} ${counted(grants, 'dead grant')} (authorization codes and refresh tokens)`);
  writeLine(stdout, `  - ${verb} ${counted(revocations, 'entry')} of the revocation log`);
  writeLine(
    stdout,
    hasOptions
      ? `  - ${verb} ${counted(clients, 'unused client')}`
      : '  - Unused clients stay: how long they may is in the options, so pass --options',
  );
}
