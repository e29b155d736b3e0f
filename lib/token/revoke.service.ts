import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { OAuthError } from '../http/oauth-error.js';
import type { Parameters } from '../http/parameters.js';
import { AccessTokenVerifier } from '../resource/access-token-verifier.js';
import { InvalidTokenError } from '../resource/invalid-token.error.js';
import { RevocationService } from '../resource/revocation.service.js';
import { GrantLoader } from './grant-loader.js';

/**
 * Token revocation (RFC 7009). A client ends its own tokens only; whatever else it presents is answered alike and has no
 * effect, so that nothing can be learned from the answer.
 */
@Injectable()
export class RevokeService {
  constructor(
    private readonly loader: GrantLoader,
    private readonly verifier: AccessTokenVerifier,
    private readonly revocation: RevocationService,
  ) {}

  /** @throws {OAuthError} `invalid_client` or `invalid_request` */
  async revoke(headers: IncomingHttpHeaders, parameters: Parameters): Promise<void> {
    const token = parameters.get('token');
    const { client, loaded } = await this.loader.load(headers, parameters, 'refresh-token', token);
    if (token === undefined) throw new OAuthError('invalid_request', 'token is missing');
    if (loaded) {
      await this.revocation.revokeGrant(loaded.grant, 'client_request');
      return;
    }
    const claims = await this.verifier.verify(token).catch((error: unknown) => {
      // What is not accepted any more needs no end.
      if (error instanceof InvalidTokenError) return null;
      throw error;
    });
    if (claims?.client_id === client.clientId) await this.revocation.revokeToken(claims);
  }
}
