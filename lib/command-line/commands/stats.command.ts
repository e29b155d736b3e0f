import type { Statistics } from '../../maintenance/statistics.service.js';
import { perform, withDatabaseOptions, type CommandGroup } from '../command-group.js';
import { table } from '../output/table.js';
import { withTables, type DatabaseOptions } from '../session.js';
import { writeJson, writeLine } from '../terminal.js';

export function addStats({ parent, terminal }: CommandGroup): void {
  const command = withDatabaseOptions(parent.command('stats'))
    .description('Count clients, codes, grants and revocations')
    .option('--json', 'as JSON');
  perform(command, (options: DatabaseOptions & { json?: boolean }) =>
    withTables(terminal, options, async ({ services }) => {
      const statistics = await services.statistics.collect();
      if (options.json) return writeJson(terminal.stdout, statistics);
      for (const line of describe(statistics)) writeLine(terminal.stdout, line);
    }),
  );
}

function describe(statistics: Statistics): string[] {
  const { clients, authorizationCodes, grants, refreshTokens, users, revocations, lastCleanup } = statistics;
  return [
    'MCP Auth Statistics',
    '='.repeat(50),
    ...table(
      ['', 'Active', 'Expired', 'Revoked', 'Total'],
      [
        [
          'Authorization Codes',
          authorizationCodes.active,
          authorizationCodes.expired,
          '',
          authorizationCodes.total,
        ],
        ['Refresh Tokens', refreshTokens.active, refreshTokens.expired, '', refreshTokens.total],
        ['Grants', grants.active, grants.expired, grants.revoked, grants.total],
      ],
    ),
    '',
    ...table(
      ['OAuth Clients', ''],
      [
        ['  Total', clients.total],
        ['  Registered by the operator', clients.registeredByOperator],
        ['  Unused, waiting for cleanup', clients.unused],
        ['  In the options, beside the total', clients.inOptions],
      ],
    ),
    '',
    ...table(
      ['Revocation Log (access tokens are signed, not stored)', ''],
      [
        ['  Access tokens', revocations.accessTokens],
        ['  Clients', revocations.clients],
        ['  Users', revocations.users],
      ],
    ),
    '',
    `Users with an active grant: ${users.active}`,
    `Last cleanup: ${lastCleanup ?? 'never'}`,
  ];
}
