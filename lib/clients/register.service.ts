import { Inject, Injectable } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { ClientRepository } from '../storage/client.repository.js';
import { DatabaseClock } from '../storage/database-clock.js';
import { sha256Hex } from '../storage/hash.js';
import { parseRegistration } from './registration-request.js';

/** Client information response (RFC 7591, section 3.2.1). */
export interface ClientInformation {
  client_id: string;
  client_id_issued_at: number;
  client_secret?: string;
  client_secret_expires_at?: number;
  client_name: string;
  client_uri?: string;
  redirect_uris: string[];
  grant_types: string[];
  response_types: string[];
  token_endpoint_auth_method: string;
  scope: string;
  application_type?: string;
}

/** Registers clients that introduce themselves (RFC 7591). */
@Injectable()
export class RegisterService {
  constructor(
    private readonly clients: ClientRepository,
    private readonly clock: DatabaseClock,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** @throws {OAuthError} `invalid_client_metadata` or `invalid_redirect_uri` */
  async register(metadata: Record<string, unknown>): Promise<ClientInformation> {
    const request = parseRegistration(metadata, this.config);
    const clientId = randomUUID();
    // Shown once, kept only as a digest: plain SHA-256 is enough for 256 random bits.
    const secret = request.tokenEndpointAuthMethod === 'none' ? null : randomBytes(32).toString('base64url');
    const createdAt = this.clock.now();
    await this.clients.insert({
      ...request,
      clientId,
      secretDigest: secret === null ? null : sha256Hex(secret),
      createdAt,
      markedAt: null,
      registeredBy: null,
      allowIntrospection: false,
    });
    this.audit.record({ type: 'client.registered', message: 'Client registered', clientId });
    return {
      client_id: clientId,
      client_id_issued_at: Math.floor(createdAt / 1000),
      ...(secret !== null && { client_secret: secret, client_secret_expires_at: 0 }),
      client_name: request.clientName,
      ...(request.clientUri !== null && { client_uri: request.clientUri }),
      redirect_uris: request.redirectUris,
      grant_types: request.grantTypes,
      response_types: ['code'],
      token_endpoint_auth_method: request.tokenEndpointAuthMethod,
      scope: request.scope,
      ...(request.applicationType !== null && { application_type: request.applicationType }),
    };
  }
}
