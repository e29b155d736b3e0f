import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { ClientDirectory } from '../clients/client-directory.js';
import { toClientInformation, type ClientInformation } from '../clients/client-information.js';
import { newClientSecret } from '../clients/client-secret.js';
import { parseOperatorClient, type NewOperatorClient } from '../clients/operator-client.js';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { RevocationService } from '../resource/revocation.service.js';
import {
  ClientAdministrationRepository,
  type ClientPage,
} from '../storage/client-administration.repository.js';
import { ClientRepository } from '../storage/client.repository.js';
import { DatabaseClock } from '../storage/database-clock.js';
import type { ClientRecord } from '../storage/records.js';

/** A registered client, without anything secret. */
export interface ClientSummary extends ClientInformation {
  /** Who registered it. */
  registered_by: 'operator' | 'client';
  /** Whether it may introspect tokens of other clients. */
  allow_introspection: boolean;
  /** ISO 8601: when cleanup first saw it without any grant; null while it is in use. */
  unused_since: string | null;
}

/** A client and what it holds. */
export interface ClientDetails extends ClientSummary {
  /** Authorizations by users that are not revoked; the expired among them wait for cleanup. */
  grants: number;
}

/** A page of clients. */
export interface ClientList {
  /** Those of the page. */
  clients: ClientSummary[];
  /** How many there are on all pages. */
  total: number;
}

/** The new secret of a confidential client. */
export interface RotatedSecret {
  /** Not to be had again. */
  secret: string;
}

/** What ended with a client. */
export interface DeletedClient {
  /** Grants that were revoked. */
  revokedGrants: number;
}

/** What became of a client that was to change. */
export type ClientChange<T> = T | 'unknown' | 'public' | 'in_options';

/**
 * Registers, shows and removes clients on behalf of the operator. A client that is created here counts as verified: its
 * scope is a ceiling, the consent page does not warn of it, and cleanup never deletes it.
 *
 * @example
 * const client = await clients.create({ clientName: 'CI', redirectUris: ['https://ci.example.com/callback'] });
 * show(client.client_id, client.client_secret); // the secret is not to be had again
 */
@Injectable()
export class ClientAdministrationService {
  /** @internal */
  constructor(
    private readonly directory: ClientDirectory,
    private readonly clients: ClientRepository,
    private readonly repository: ClientAdministrationRepository,
    private readonly revocation: RevocationService,
    private readonly clock: DatabaseClock,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** Registered clients, oldest first; those of the module's `clients` option are not among them. */
  async list(page: ClientPage): Promise<ClientList> {
    const records = await this.repository.list(page);
    return { clients: records.map(toSummary), total: await this.repository.count() };
  }

  /** Null when no client of this id is registered. */
  async show(clientId: string): Promise<ClientDetails | null> {
    const record = await this.clients.find(clientId);
    if (!record) return null;
    const { unrevoked } = await this.revocation.countClient(clientId);
    return { ...toSummary(record), grants: unrevoked };
  }

  /** Whether the module's `clients` option names it: then it is changed there. */
  isInOptions(clientId: string): boolean {
    return this.directory.preRegistered(clientId) !== undefined;
  }

  /**
   * Registers a client. The answer holds its secret, which is not to be had again.
   *
   * @throws {OAuthError} `invalid_client_metadata` or `invalid_redirect_uri`, with a description of what is wrong
   */
  async create(client: NewOperatorClient, { knowsScopes = true } = {}): Promise<ClientInformation> {
    const request = parseOperatorClient(client, this.config, knowsScopes);
    const created = request.tokenEndpointAuthMethod === 'none' ? null : newClientSecret();
    const record: ClientRecord = {
      ...request,
      clientId: randomUUID(),
      secretDigest: created?.secretDigest ?? null,
      createdAt: this.clock.now(),
      markedAt: null,
      registeredBy: 'operator',
      allowIntrospection: client.allowIntrospection ?? false,
    };
    await this.clients.insert(record);
    const { clientId } = record;
    this.audit.record({ type: 'client.registered', message: 'Client registered by the operator', clientId });
    return toClientInformation(record, created?.secret ?? null);
  }

  /** Gives a confidential client a new secret; the former one is refused from now on. Its grants live on. */
  async rotateSecret(clientId: string): Promise<ClientChange<RotatedSecret>> {
    if (this.isInOptions(clientId)) return 'in_options';
    const record = await this.clients.find(clientId);
    if (!record) return 'unknown';
    if (record.secretDigest === null) return 'public';
    const { secret, secretDigest } = newClientSecret();
    if (!(await this.repository.replaceSecret(clientId, secretDigest))) return 'unknown';
    this.audit.record({ type: 'client.secret_rotated', message: 'Client secret rotated', clientId });
    return { secret };
  }

  /**
   * Revokes everything that was granted to a client, then deletes it. The rows of its grants are part of the revocation
   * log: cleanup removes them when every access token is dead.
   */
  async delete(clientId: string): Promise<ClientChange<DeletedClient>> {
    if (this.isInOptions(clientId)) return 'in_options';
    if (!(await this.clients.find(clientId))) return 'unknown';
    let revokedGrants = await this.revocation.revokeClient(clientId, 'client_deleted');
    await this.repository.delete(clientId);
    // A consent that was given in between: what comes later finds no client any more.
    if ((await this.revocation.countClient(clientId)).unrevoked > 0) {
      revokedGrants += await this.revocation.revokeClient(clientId, 'client_deleted');
    }
    this.audit.record({ type: 'client.deleted', message: 'Client deleted', clientId });
    return { revokedGrants };
  }
}

function toSummary(record: ClientRecord): ClientSummary {
  return {
    ...toClientInformation(record, null),
    registered_by: record.registeredBy ?? 'client',
    allow_introspection: record.allowIntrospection,
    unused_since: record.markedAt === null ? null : new Date(record.markedAt).toISOString(),
  };
}
