import { describe, expect, it } from '@jest/globals';
import type { GrantRecord } from '../storage/records.js';
import { refreshState } from './refresh-state.js';

const grant = (more: Partial<GrantRecord> = {}): GrantRecord =>
  ({
    refreshGeneration: 5,
    refreshedAt: 1000,
    refreshExpiresAt: 100_000,
    revokedAt: null,
    ...more,
  }) as GrantRecord;

describe('the state of a refresh token', () => {
  it.each([
    ['the newest generation is current', 5, 2000, 10_000, {}, 'current'],
    ['its predecessor is in grace', 4, 10_999, 10_000, {}, 'grace'],
    ['grace ends with the period', 4, 11_000, 10_000, {}, 'replayed'],
    ['a period of 0 switches grace off', 4, 1000, 0, {}, 'replayed'],
    ['two behind is a replay at any time', 3, 1001, 10_000, {}, 'replayed'],
    ['one ahead means a restored backup', 6, 2000, 10_000, {}, 'ahead'],
    ['an expired one is just expired, old generations too', 3, 100_000, 10_000, {}, 'expired'],
    ['none was ever issued', 0, 2000, 10_000, { refreshGeneration: 0, refreshExpiresAt: null }, 'expired'],
    ['grace does not survive revocation', 4, 1001, 10_000, { revokedAt: 1000 }, 'revoked'],
  ] as const)('%s', (_, generation, now, grace, more, expected) => {
    expect(refreshState(grant(more), generation, now, grace)).toBe(expected);
  });
});
