/** Names of the security-relevant steps that are logged and handed to `onAuditEvent`. */
export type AuditEventType =
  | 'client.registered'
  | 'client.secret_rotated'
  | 'client.deleted'
  | 'client.authentication_failed'
  | 'authorization.approved'
  | 'authorization.denied'
  | 'authorization.refused'
  | 'token.issued'
  | 'token.refreshed'
  | 'token.revoked'
  | 'token.validation_failed'
  | 'code.invalid'
  | 'code.replayed'
  | 'refresh.invalid'
  | 'refresh.replayed'
  | 'refresh.ahead_of_row'
  | 'grant.revoked'
  | 'user.gone'
  | 'cleanup.finished';

/** One security-relevant step. Identifiers only: never a code, token, secret or verifier. */
export interface AuditEvent {
  type: AuditEventType;
  /** One greppable sentence. */
  message: string;
  clientId?: string;
  userId?: string;
  grantId?: string;
  /** Why, as a short machine-readable word. */
  reason?: string;
}
