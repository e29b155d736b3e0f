import type { Row } from './database.js';
import type { GrantRecord } from './records.js';

/** Columns of a grant by property, and the alias under which a statement reads each. */
export const GRANT_COLUMNS = {
  id: 'g_id',
  clientId: 'g_client_id',
  userId: 'g_user_id',
  orgId: 'g_org_id',
  scope: 'g_scope',
  resources: 'g_resources',
  redirectUri: 'g_redirect_uri',
  codeChallenge: 'g_code_challenge',
  nonce: 'g_nonce',
  authTime: 'g_auth_time',
  dpopJkt: 'g_dpop_jkt',
  clientMetadataDigest: 'g_client_metadata_digest',
  codeExpiresAt: 'g_code_expires_at',
  codeRedeemedAt: 'g_code_redeemed_at',
  refreshGeneration: 'g_refresh_generation',
  refreshedAt: 'g_refreshed_at',
  refreshExpiresAt: 'g_refresh_expires_at',
  revokedAt: 'g_revoked_at',
  revokedReason: 'g_revoked_reason',
  createdAt: 'g_created_at',
} as const;

/** Columns that are written when a grant is born. */
export const NEW_GRANT_COLUMNS = [
  'id',
  'clientIdHash',
  'clientId',
  'userIdHash',
  'userId',
  'orgId',
  'scope',
  'resources',
  'redirectUri',
  'codeChallenge',
  'nonce',
  'authTime',
  'dpopJkt',
  'clientMetadataDigest',
  'codeExpiresAt',
  'refreshGeneration',
  'createdAt',
] as const;

export function toGrantRecord(row: Row): GrantRecord {
  const text = (column: string): string => String(row[column]);
  const textOrNull = (column: string): string | null => (row[column] === null ? null : text(column));
  const numberOrNull = (column: string): number | null => (row[column] === null ? null : Number(row[column]));
  return {
    id: text('g_id'),
    clientId: text('g_client_id'),
    userId: text('g_user_id'),
    orgId: textOrNull('g_org_id'),
    scope: text('g_scope'),
    resources: JSON.parse(text('g_resources')) as string[],
    redirectUri: text('g_redirect_uri'),
    codeChallenge: text('g_code_challenge'),
    nonce: textOrNull('g_nonce'),
    authTime: numberOrNull('g_auth_time'),
    dpopJkt: textOrNull('g_dpop_jkt'),
    clientMetadataDigest: textOrNull('g_client_metadata_digest'),
    codeExpiresAt: Number(row.g_code_expires_at),
    codeRedeemedAt: numberOrNull('g_code_redeemed_at'),
    refreshGeneration: Number(row.g_refresh_generation),
    refreshedAt: numberOrNull('g_refreshed_at'),
    refreshExpiresAt: numberOrNull('g_refresh_expires_at'),
    revokedAt: numberOrNull('g_revoked_at'),
    revokedReason: textOrNull('g_revoked_reason'),
    createdAt: Number(row.g_created_at),
  };
}
