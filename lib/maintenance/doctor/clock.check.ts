import type { DatabaseClock } from '../../storage/database-clock.js';
import type { DoctorCheck, DoctorStatus } from './doctor-check.js';

const WARNING_MS = 2000;
/** Instances whose clocks differ by this much still agree with one another; beyond it their tokens may be refused. */
const FAILURE_MS = 30_000;

/** How far this machine's clock is from the database's. */
export async function checkClock(clock: Pick<DatabaseClock, 'measure' | 'offsetMs'>): Promise<DoctorCheck> {
  await clock.measure();
  const distance = Math.abs(clock.offsetMs);
  const status: DoctorStatus = distance > FAILURE_MS ? 'failure' : distance > WARNING_MS ? 'warning' : 'ok';
  const found = `This machine's clock is ${(distance / 1000).toFixed(1)} s ${clock.offsetMs < 0 ? 'ahead of' : 'behind'} the database's`;
  return {
    name: 'clock',
    status,
    message: status === 'ok' ? found : `${found}: let both follow a time server (NTP)`,
  };
}
