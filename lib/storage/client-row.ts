import type { ClientRecord } from './records.js';
import type { Row } from './database.js';

/** Columns of a client by property, and the alias under which a statement reads each. */
export const CLIENT_COLUMNS = {
  clientId: 'c_client_id',
  secretDigest: 'c_secret_digest',
  clientName: 'c_client_name',
  clientUri: 'c_client_uri',
  redirectUris: 'c_redirect_uris',
  grantTypes: 'c_grant_types',
  tokenEndpointAuthMethod: 'c_auth_method',
  scope: 'c_scope',
  applicationType: 'c_application_type',
  createdAt: 'c_created_at',
  markedAt: 'c_marked_at',
  registeredBy: 'c_registered_by',
  allowIntrospection: 'c_allow_introspection',
} as const;

/** Null when the outer join found no client. */
export function toClientRecord(row: Row): ClientRecord | null {
  const text = (column: string): string => String(row[column]);
  const textOrNull = (column: string): string | null => (row[column] === null ? null : text(column));
  if (row.c_client_id === null || row.c_client_id === undefined) return null;
  return {
    clientId: text('c_client_id'),
    secretDigest: textOrNull('c_secret_digest'),
    clientName: text('c_client_name'),
    clientUri: textOrNull('c_client_uri'),
    redirectUris: JSON.parse(text('c_redirect_uris')) as string[],
    grantTypes: JSON.parse(text('c_grant_types')) as string[],
    tokenEndpointAuthMethod: text('c_auth_method'),
    scope: textOrNull('c_scope'),
    applicationType: textOrNull('c_application_type'),
    createdAt: Number(row.c_created_at),
    markedAt: row.c_marked_at === null ? null : Number(row.c_marked_at),
    registeredBy: row.c_registered_by === 'operator' ? 'operator' : null,
    allowIntrospection: Number(row.c_allow_introspection) === 1,
  };
}
