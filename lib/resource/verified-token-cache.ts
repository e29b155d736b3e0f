import { createHash } from 'node:crypto';
import type { AccessTokenClaims } from '../keys/access-token-claims.js';

/**
 * Claims of tokens whose signature, type and issuer were found right: what cannot change any more. Bounded; the tokens
 * themselves are not kept, only digests.
 */
export class VerifiedTokenCache {
  private readonly entries = new Map<string, AccessTokenClaims>();

  constructor(private readonly capacity = 10_000) {}

  getOrVerify(token: string, verify: () => AccessTokenClaims): AccessTokenClaims {
    const key = createHash('sha256').update(token).digest('base64');
    const cached = this.entries.get(key);
    if (cached) {
      // Reinserted at the end: the first entry is the one that was not used for longest.
      this.entries.delete(key);
      this.entries.set(key, cached);
      return cached;
    }
    const claims = verify();
    if (this.entries.size >= this.capacity) {
      const [oldest] = this.entries.keys();
      if (oldest !== undefined) this.entries.delete(oldest);
    }
    this.entries.set(key, claims);
    return claims;
  }
}
