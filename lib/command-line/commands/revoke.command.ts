import { CommandFailure } from '../command-failure.js';
import { perform, withDatabaseOptions, type CommandGroup } from '../command-group.js';
import { confirm } from '../output/confirm.js';
import { counted } from '../output/table.js';
import { withTables, type DatabaseOptions, type Session } from '../session.js';
import { writeLine, type Terminal } from '../terminal.js';

interface Target {
  kind: 'client' | 'user';
  id: string;
}

const COMMANDS = [
  { kind: 'client', description: 'Revoke every code and token of a client', id: 'its client_id' },
  {
    kind: 'user',
    description: 'Revoke every code and token that a user granted',
    id: 'the id that currentUser answers: the `sub` of tokens',
  },
] as const;

export function addRevocation({ parent, terminal }: CommandGroup): void {
  for (const { kind, description, id: meaning } of COMMANDS) {
    const command = withDatabaseOptions(parent.command(`revoke-${kind}`))
      .description(description)
      .argument('<id>', meaning)
      .option('-y, --yes', 'do not ask');
    perform(command, (id: string, options: DatabaseOptions & { yes?: boolean }) =>
      withTables(terminal, options, (session) => revokeAll(terminal, session, { kind, id }, options.yes)),
    );
  }
}

async function revokeAll(
  terminal: Terminal,
  { services }: Session,
  { kind, id }: Target,
  isConfirmed?: boolean,
): Promise<void> {
  const { revocation, clients } = services;
  const { total, unrevoked } = await (kind === 'client'
    ? revocation.countClient(id)
    : revocation.countUser(id));
  if (total === 0 && kind === 'user') throw new CommandFailure(`User '${id}' has never granted anything.`);
  if (total === 0 && !clients.isInOptions(id) && !(await clients.show(id))) {
    throw new CommandFailure(`There is no client '${id}'.`);
  }
  if (unrevoked === 0) {
    writeLine(terminal.stdout, `There is nothing to revoke for ${kind} '${id}'.`);
    return;
  }
  await confirm(terminal, `Revoke ${counted(unrevoked, 'grant')} of ${kind} '${id}'?`, isConfirmed);
  writeLine(terminal.stdout, `Revoking all tokens for ${kind}: ${id}`);
  const revoked = await (kind === 'client' ? revocation.revokeClient(id) : revocation.revokeUser(id));
  writeLine(terminal.stdout, `  - Revoked ${counted(revoked, 'grant')} with all codes and tokens`);
  writeLine(terminal.stdout, 'Complete!');
}
