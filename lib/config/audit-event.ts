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
  | 'request.rate_limited'
  | 'cleanup.finished';

/**
 * One security-relevant step. Identifiers only: never a code, token, secret or verifier.
 *
 * @example
 * McpAuthModule.forRoot({ ...options, onAuditEvent: ({ type, clientId }) => metrics.increment(type, { clientId }) });
 */
export interface AuditEvent {
  /** Which step. */
  type: AuditEventType;
  /** One greppable sentence. */
  message: string;
  /** The client that took the step, when it is known. */
  clientId?: string;
  /** The user whose authorization it concerns. */
  userId?: string;
  /** The authorization that it concerns. */
  grantId?: string;
  /** Why, as a short machine-readable word. */
  reason?: string;
}
