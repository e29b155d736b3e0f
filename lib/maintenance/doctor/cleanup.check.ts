import type { DatabaseClock } from '../../storage/database-clock.js';
import type { CleanupService } from '../cleanup.service.js';
import type { DoctorCheck } from './doctor-check.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A day, and an hour for a run that started late. */
const RECENTLY_MS = 25 * HOUR_MS;
const REMEDY =
  'import ScheduleModule.forRoot() into the AppModule, or run `mcp-auth cleanup` once a day (see cleanup.enabled)';

/** Whether somebody cleans up: this instance by a job, or anybody within the last day. */
export async function checkCleanup(
  cleanup: Pick<CleanupService, 'lastRun' | 'countOverdue'>,
  clock: Pick<DatabaseClock, 'now'>,
  isScheduledHere: boolean,
): Promise<DoctorCheck> {
  const now = clock.now();
  const last = await cleanup.lastRun();
  const found =
    last === null
      ? 'Cleanup has never run'
      : `Cleanup last ran at ${new Date(Math.min(last, now)).toISOString()}`;
  if (isScheduledHere) return { name: 'cleanup', status: 'ok', message: `${found}; it is scheduled here` };
  if (last !== null && now - last <= RECENTLY_MS) return { name: 'cleanup', status: 'ok', message: found };
  const overdue = await cleanup.countOverdue(now - DAY_MS);
  return {
    name: 'cleanup',
    status: overdue > 0 ? 'failure' : 'warning',
    message: `${found}${overdue > 0 ? `, and ${overdue} rows are dead for more than two days` : ''}: ${REMEDY}`,
  };
}
