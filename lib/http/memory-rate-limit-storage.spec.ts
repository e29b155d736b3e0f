import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryRateLimitStorage } from './memory-rate-limit-storage.js';

describe('counting in memory', () => {
  let now = 0;
  beforeEach(() => {
    now = 1000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('refuses what exceeds the limit until the time is over', async () => {
    const storage = new MemoryRateLimitStorage();
    const blocked = async (): Promise<boolean> => (await storage.increment('key', 60_000, 2)).isBlocked;
    expect([await blocked(), await blocked(), await blocked()]).toEqual([false, false, true]);
    now += 30_000;
    expect(await storage.increment('key', 60_000, 2)).toEqual({
      totalHits: 4,
      timeToExpire: 30,
      isBlocked: true,
      timeToBlockExpire: 30,
    });
    now += 30_001;
    expect(await blocked()).toBe(false);
  });

  it('forgets what is over, and the oldest when there is too much', async () => {
    const storage = new MemoryRateLimitStorage();
    const size = (): number => (storage as unknown as { counts: Map<string, unknown> }).counts.size;
    for (let key = 0; key < 100_001; key++) await storage.increment(`key-${key}`, 60_000, 1);
    expect(size()).toBe(100_000);
    now += 60_001;
    await storage.increment('fresh', 60_000, 1);
    expect(size()).toBe(1);
  });
});
