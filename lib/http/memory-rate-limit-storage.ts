import type { RateLimitRecord, RateLimitStorage } from '../config/rate-limit-options.js';

const MAX_KEYS = 100_000;

interface Count {
  hits: number;
  expiresAt: number;
}

/** Counts in the memory of this process, which is bounded: the oldest counts are forgotten first. */
export class MemoryRateLimitStorage implements RateLimitStorage {
  private readonly counts = new Map<string, Count>();

  increment(key: string, ttl: number, limit: number): Promise<RateLimitRecord> {
    const now = performance.now();
    const count = this.countOf(key, now, ttl);
    count.hits++;
    const seconds = Math.max(1, Math.ceil((count.expiresAt - now) / 1000));
    const isBlocked = count.hits > limit;
    return Promise.resolve({
      totalHits: count.hits,
      timeToExpire: seconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? seconds : 0,
    });
  }

  private countOf(key: string, now: number, ttl: number): Count {
    const known = this.counts.get(key);
    if (known && known.expiresAt > now) return known;
    // Counts expire in the order of their creation, which is a Map's own.
    this.counts.delete(key);
    for (const [oldest, { expiresAt }] of this.counts) {
      if (expiresAt > now && this.counts.size < MAX_KEYS) break;
      this.counts.delete(oldest);
    }
    const fresh = { hits: 0, expiresAt: now + ttl };
    this.counts.set(key, fresh);
    return fresh;
  }
}
