import type { DoctorCheck } from '../../maintenance/doctor/doctor-check.js';
import { checkIssuer, checkResource } from '../../maintenance/doctor/issuer.check.js';
import { checkSecret } from '../../maintenance/doctor/secret.check.js';
import { loadConfig, type CommandConfig } from '../command-config.js';
import { DatabaseUnreachable } from '../command-failure.js';
import { perform, withDatabaseOptions, type CommandGroup } from '../command-group.js';
import { counted, table } from '../output/table.js';
import { withServices, type DatabaseOptions } from '../session.js';
import { writeJson, writeLine, type Terminal } from '../terminal.js';

export function addDoctor({ parent, terminal, exitWith }: CommandGroup): void {
  const command = withDatabaseOptions(parent.command('doctor'))
    .description('Check schema, secret, clock, issuer and cleanup; exit code 1 when something has to be done')
    .option('--json', 'as JSON');
  perform(command, async (options: DatabaseOptions & { json?: boolean }) => {
    const checks = await examine(terminal, options);
    const failures = checks.filter(({ status }) => status === 'failure').length;
    const warnings = checks.filter(({ status }) => status === 'warning').length;
    if (options.json) writeJson(terminal.stdout, { healthy: failures === 0, checks });
    else {
      const rows = checks.map(({ status, name, message }) => [status, name, message]);
      for (const line of table(['Status', 'Check', 'Found'], rows)) writeLine(terminal.stdout, line);
      writeLine(terminal.stdout, `${counted(failures, 'failure')}, ${counted(warnings, 'warning')}`);
    }
    if (failures > 0) exitWith(1);
  });
}

async function examine(terminal: Terminal, options: DatabaseOptions): Promise<DoctorCheck[]> {
  try {
    return await withServices(terminal, options, async (session) => [
      ...checkOptions(session),
      ...(await session.services.doctor.examine()),
    ]);
  } catch (error) {
    if (!(error instanceof DatabaseUnreachable)) throw error;
    const known = await loadConfig(options.options, terminal);
    return [
      ...checkOptions(known),
      { name: 'database', status: 'failure', message: error.message },
      checkSecret(known.config),
      await checkIssuer(known.config),
      await checkResource(known.config),
    ];
  }
}

/** What would stop the boot; the secret has a check of its own. */
function checkOptions({ problems }: CommandConfig): DoctorCheck[] {
  return problems
    .filter((problem) => !problem.startsWith('oauthSecret '))
    .map((message) => ({ name: 'options', status: 'failure', message }));
}
