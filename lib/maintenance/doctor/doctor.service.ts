import { Inject, Injectable, Optional } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../../config/mcp-auth-config.js';
import { Database } from '../../storage/database.js';
import { DatabaseClock } from '../../storage/database-clock.js';
import { CleanupJob } from '../cleanup.job.js';
import { CleanupService } from '../cleanup.service.js';
import { plainMessage } from '../plain-message.js';
import { checkCleanup } from './cleanup.check.js';
import { checkClock } from './clock.check.js';
import type { DoctorCheck } from './doctor-check.js';
import { checkIssuer, checkResource } from './issuer.check.js';
import { checkSchema } from './schema.check.js';
import { checkSecret } from './secret.check.js';

/**
 * Looks at what an installation needs to work. Changes nothing; asks the application's own public URL.
 *
 * @example
 * const checks = await doctor.examine();
 * const isHealthy = checks.every(({ status }) => status !== 'failure');
 */
@Injectable()
export class DoctorService {
  /** @internal */
  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
    private readonly cleanup: CleanupService,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
    /** Absent on the command line. */
    @Optional() private readonly job?: CleanupJob,
  ) {}

  /** One entry for each check, in a fixed order; a check that cannot be made has failed. */
  async examine(): Promise<DoctorCheck[]> {
    const schema = await attempt('schema', () => checkSchema(this.database));
    return [
      schema,
      checkSecret(this.config),
      await attempt('clock', () => checkClock(this.clock)),
      await checkIssuer(this.config),
      await checkResource(this.config),
      // Without the tables there is nothing to ask.
      ...(schema.status === 'failure' ? [] : [await attempt('cleanup', () => this.checkCleanup())]),
    ];
  }

  private checkCleanup(): Promise<DoctorCheck> {
    return checkCleanup(this.cleanup, this.clock, this.job?.isScheduled ?? false);
  }
}

async function attempt(name: DoctorCheck['name'], check: () => Promise<DoctorCheck>): Promise<DoctorCheck> {
  try {
    return await check();
  } catch (error) {
    return { name, status: 'failure', message: plainMessage(error) };
  }
}
