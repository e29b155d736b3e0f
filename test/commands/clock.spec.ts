import { describe, expect, it } from '@jest/globals';
import { checkClock } from '../../lib/maintenance/doctor/clock.check.js';

describe('the clock, as the doctor sees it', () => {
  it.each([
    [0, 'ok', 'is 0.0 s behind'],
    [2000, 'ok', 'is 2.0 s behind'],
    [-2001, 'warning', 'is 2.0 s ahead of the database'],
    [30_000, 'warning', 'is 30.0 s behind the database'],
    [30_001, 'failure', 'follow a time server'],
    [-3_600_000, 'failure', 'is 3600.0 s ahead of the database'],
  ])('an offset of %i ms is %s', async (offsetMs, status, message) => {
    const check = await checkClock({ measure: () => Promise.resolve(), offsetMs });
    expect(check.status).toBe(status);
    expect(check.message).toContain(message);
  });
});
