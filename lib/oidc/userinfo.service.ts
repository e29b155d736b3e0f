import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { ACCESS_CONTROL, type RequestAccess } from '../resource/access-control.js';
import { GrantUser } from '../resource/grant-user.js';
import { identityClaims } from './id-token.js';

/** Claims about the user behind an access token that carries `openid`, whichever of our resources it is for. */
@Injectable()
export class UserinfoService {
  constructor(
    @Inject(ACCESS_CONTROL) private readonly access: RequestAccess,
    private readonly users: GrantUser,
  ) {}

  /** @throws {OAuthError} 401 or 403 with a challenge */
  async claimsOf(request: IncomingMessage): Promise<Record<string, unknown>> {
    const principal = await this.access.authenticateAnywhere(request, ['openid']);
    const { userId, orgId, clientId, scope, scopes, grantId } = principal;
    const user = await this.users.dataOf({ id: grantId, clientId, userId, orgId, scope });
    if (!user) throw this.access.invalidToken(['openid']);
    return { sub: userId, ...identityClaims(scopes, user), ...(orgId !== null && { org: orgId }) };
  }
}
