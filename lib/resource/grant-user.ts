import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import type { McpUserData } from '../config/mcp-auth-options.js';
import { RevocationService } from './revocation.service.js';

/** A grant as far as the application is asked about it: a row, or the claims of a token that came from it. */
export interface GrantOwner {
  id: string;
  clientId: string;
  userId: string;
  orgId: string | null;
  scope: string;
}

/** Asks the application about the user of a grant. */
@Injectable()
export class GrantUser {
  constructor(
    private readonly revocation: RevocationService,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** Null when the user is gone or disabled: then the grant is revoked. */
  async dataOf(grant: GrantOwner): Promise<McpUserData | null> {
    const user = await this.config.fetchUserData(grant.userId, grant.orgId, {
      clientId: grant.clientId,
      scope: grant.scope,
    });
    if (user) return user;
    this.audit.record({
      type: 'user.gone',
      message: 'The user of a grant is gone or disabled',
      clientId: grant.clientId,
      userId: grant.userId,
      grantId: grant.id,
    });
    await this.revocation.revokeGrant(grant, 'user_gone');
    return null;
  }
}
