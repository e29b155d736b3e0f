import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { ClientAuthenticator } from '../clients/client-authenticator.js';
import { ClientDirectory } from '../clients/client-directory.js';
import type { Client } from '../clients/client.js';
import type { Parameters } from '../http/parameters.js';
import { HandleCodec, type Handle, type HandlePurpose } from '../keys/handle-codec.js';
import { GrantRepository } from '../storage/grant.repository.js';
import type { GrantRecord } from '../storage/records.js';

/** A presented code or refresh token with what it belongs to; null when it is not one of this client's. */
export interface LoadedGrant {
  handle: Handle;
  grant: GrantRecord;
}

/** Authenticates the client and finds the grant of a code or refresh token, in one statement. */
@Injectable()
export class GrantLoader {
  constructor(
    private readonly handles: HandleCodec,
    private readonly grants: GrantRepository,
    private readonly directory: ClientDirectory,
    private readonly authenticator: ClientAuthenticator,
  ) {}

  /**
   * Client authentication comes first in effect: nothing about the grant is told or done before it has passed.
   *
   * @throws {OAuthError} `invalid_client` or `invalid_request`
   */
  async load(
    headers: IncomingHttpHeaders,
    parameters: Parameters,
    purpose: HandlePurpose,
    presented: string | undefined,
  ): Promise<{ client: Client; loaded: LoadedGrant | null }> {
    // A handle with a wrong MAC never gets as far as the database.
    const handle = presented === undefined ? null : this.handles.decode(purpose, presented);
    const found = handle && (await this.grants.findWithClient(handle.grantId));
    const known =
      found &&
      (this.directory.preRegistered(found.grant.clientId) ?? this.directory.fromRecord(found.client));
    const client = await this.authenticator.authenticate(headers, parameters, known);
    const isOwn = found?.grant.clientId === client.clientId;
    return { client, loaded: handle && found && isOwn ? { handle, grant: found.grant } : null };
  }

  /** The grant as it is now, after somebody else has changed it. */
  async reload(grantId: string): Promise<GrantRecord | null> {
    return (await this.grants.findWithClient(grantId))?.grant ?? null;
  }
}
