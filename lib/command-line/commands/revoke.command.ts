import { CommandFailure } from '../command-failure.js';
import { perform, withDatabaseOptions, type CommandGroup } from '../command-group.js';
import { confirm } from '../output/confirm.js';
import { counted } from '../output/table.js';
import { withTables, type DatabaseOptions, type Session } from '../session.js';
import { writeLine, type Terminal } from '../terminal.js';

type RevokeOptions = DatabaseOptions & { yes?: boolean };

export function addRevocation({ parent, terminal }: CommandGroup): void {
  const revokeClient = withDatabaseOptions(parent.command('revoke-client'))
    .description('Revoke every code and token of a client')
    .argument('<id>', 'its client_id')
    .option('-y, --yes', 'do not ask');
  perform(revokeClient, (id: string, options: RevokeOptions) =>
    withTables(terminal, options, (session) =>
      revokeAll(terminal, session, { kind: 'client', id, ...options }),
    ),
  );

  const revokeUser = withDatabaseOptions(parent.command('revoke-user'))
    .description('Revoke every code and token that a user granted')
    .argument('<id>', 'the id that currentUser answers: the `sub` of tokens')
    .option('-y, --yes', 'do not ask');
  perform(revokeUser, (id: string, options: RevokeOptions) =>
    withTables(terminal, options, (session) =>
      revokeAll(terminal, session, { kind: 'user', id, ...options }),
    ),
  );
}

interface Target {
  kind: 'client' | 'user';
  id: string;
  yes?: boolean;
}

async function revokeAll(
  terminal: Terminal,
  { services }: Session,
  { kind, id, yes }: Target,
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
  await confirm(terminal, `Revoke ${counted(unrevoked, 'grant')} of ${kind} '${id}'?`, yes);
  writeLine(terminal.stdout, `Revoking all tokens for ${kind}: ${id}`);
  const revoked = await (kind === 'client' ? revocation.revokeClient(id) : revocation.revokeUser(id));
  writeLine(terminal.stdout, `  - Revoked ${counted(revoked, 'grant')} with all codes and tokens`);
  writeLine(terminal.stdout, 'Complete!');
}
