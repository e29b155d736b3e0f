import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AuditEvent, AuditEventType } from './audit-event.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from './mcp-auth-config.js';

const WARNINGS: ReadonlySet<AuditEventType> = new Set([
  'client.authentication_failed',
  'authorization.refused',
  'token.validation_failed',
  'code.invalid',
  'code.replayed',
  'refresh.invalid',
  'refresh.replayed',
  'refresh.ahead_of_row',
  'user.gone',
  'request.rate_limited',
] satisfies AuditEventType[]);

/** Writes audit events to Nest's logger and hands them to the application. */
@Injectable()
export class AuditLog {
  private readonly logger = new Logger('McpAuth');

  constructor(@Inject(MCP_AUTH_CONFIG) private readonly config: Pick<McpAuthConfig, 'onAuditEvent'>) {}

  record(event: AuditEvent): void {
    const details = (['clientId', 'userId', 'grantId', 'reason'] as const)
      .filter((key) => event[key] !== undefined)
      // Identifiers may be somebody else's strings: JSON keeps a line break from forging a log line.
      .map((key) => `${key}=${JSON.stringify(event[key]?.slice(0, 200))}`)
      .join(' ');
    const line = `${event.message} [${event.type}] ${details}`.trimEnd();
    if (WARNINGS.has(event.type)) this.logger.warn(line);
    else this.logger.log(line);
    try {
      this.config.onAuditEvent?.(event);
    } catch (error) {
      this.logger.error(`onAuditEvent threw: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  }
}
