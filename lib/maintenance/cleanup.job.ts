import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { McpAuthConfigurationError } from '../config/configuration.error.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { CleanupService } from './cleanup.service.js';

/** Name of the job in the SchedulerRegistry. */
export const CLEANUP_JOB = 'mcp-auth-cleanup';

/**
 * Schedules the cleanup. Through the registry and not by a decorator, since the cron expression is an option; and in the
 * application's own ScheduleModule, since a second one would run every job of the application twice.
 */
@Injectable()
export class CleanupJob implements OnApplicationBootstrap {
  private readonly logger = new Logger('McpAuth');

  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly cleanup: CleanupService,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.cleanup.enabled) return;
    const registry = this.findRegistry();
    if (!registry) {
      this.logger.warn(
        'Cleanup is not scheduled: import ScheduleModule.forRoot() into the AppModule, or set cleanup.enabled to false',
      );
      return;
    }
    const job = this.createJob();
    registry.addCronJob(CLEANUP_JOB, job);
    job.start();
  }

  /** Whether this instance runs the job. */
  get isScheduled(): boolean {
    return this.findRegistry()?.doesExist('cron', CLEANUP_JOB) ?? false;
  }

  private findRegistry(): SchedulerRegistry | undefined {
    try {
      return this.moduleRef.get(SchedulerRegistry, { strict: false });
    } catch {
      return undefined;
    }
  }

  private createJob(): CronJob {
    try {
      return CronJob.from({ cronTime: this.config.cleanup.cron, onTick: () => this.run() });
    } catch {
      throw new McpAuthConfigurationError([
        `cleanup.cron is '${this.config.cleanup.cron}', which is no cron expression; write for example '17 * * * *'`,
      ]);
    }
  }

  private async run(): Promise<void> {
    try {
      await this.cleanup.run();
    } catch (error) {
      this.logger.error(
        `Cleanup failed, and runs again: ${error instanceof Error ? error.message : 'unknown error'}`,
      );
    }
  }
}
