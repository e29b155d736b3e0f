import type { GrantRecord } from '../storage/records.js';

/** What a refresh token of a certain generation means, given its grant's row. */
export type RefreshState =
  /** The newest one: it may be used. */
  | 'current'
  /** Just spent, and its successor was not used yet: the same successor again. */
  | 'grace'
  /** Spent and outlived: whoever uses it is not the one who holds the successor. */
  | 'replayed'
  /** Newer than the row: the database was restored from a backup. */
  | 'ahead'
  | 'revoked'
  | 'expired';

/**
 * Classifies a refresh token whose MAC was right.
 *
 * @param gracePeriodMs 0 switches the grace off
 */
export function refreshState(
  grant: GrantRecord,
  generation: number,
  now: number,
  gracePeriodMs: number,
): RefreshState {
  if (grant.revokedAt !== null) return 'revoked';
  if (generation > grant.refreshGeneration) return 'ahead';
  if (grant.refreshExpiresAt === null || grant.refreshExpiresAt <= now) return 'expired';
  if (generation === grant.refreshGeneration) return 'current';
  const isPredecessor = generation === grant.refreshGeneration - 1;
  return isPredecessor && now < (grant.refreshedAt ?? 0) + gracePeriodMs ? 'grace' : 'replayed';
}
