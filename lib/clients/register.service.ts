import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { ClientRepository } from '../storage/client.repository.js';
import { DatabaseClock } from '../storage/database-clock.js';
import type { ClientRecord } from '../storage/records.js';
import { toClientInformation, type ClientInformation } from './client-information.js';
import { newClientSecret } from './client-secret.js';
import { parseRegistration } from './registration-request.js';

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
    const created = request.tokenEndpointAuthMethod === 'none' ? null : newClientSecret();
    const client: ClientRecord = {
      ...request,
      clientId: randomUUID(),
      secretDigest: created?.secretDigest ?? null,
      createdAt: this.clock.now(),
      markedAt: null,
      registeredBy: null,
      allowIntrospection: false,
    };
    await this.clients.insert(client);
    this.audit.record({
      type: 'client.registered',
      message: 'Client registered',
      clientId: client.clientId,
    });
    return toClientInformation(client, created?.secret ?? null);
  }
}
