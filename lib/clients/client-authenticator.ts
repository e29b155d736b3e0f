import { Inject, Injectable } from '@nestjs/common';
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import type { Parameters } from '../http/parameters.js';
import { sha256Hex } from '../storage/hash.js';
import { ClientDirectory } from './client-directory.js';
import { invalidClient, parseClientCredentials, type ClientCredentials } from './client-credentials.js';
import type { Client } from './client.js';

/** The form of the ids that registration gives out. */
const ISSUED_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const NO_DIGEST = '0'.repeat(64);

/** Authenticates clients at the token, revocation and introspection endpoints. */
@Injectable()
export class ClientAuthenticator {
  constructor(
    private readonly directory: ClientDirectory,
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /**
   * The client that the request comes from.
   *
   * @param known a client that is at hand already, which saves the query when it is the one that is meant
   * @throws {OAuthError} `invalid_client` (401) or `invalid_request`
   */
  async authenticate(
    headers: IncomingHttpHeaders,
    parameters: Parameters,
    known?: Client | null,
  ): Promise<Client> {
    const credentials = parseClientCredentials(headers, parameters);
    const client =
      known?.clientId === credentials.clientId ? known : await this.directory.find(credentials.clientId);
    const problem = this.problemOf(client, credentials);
    if (client && problem === null) return client;
    this.audit.record({
      type: 'client.authentication_failed',
      message: 'Client authentication failed',
      // What is no id of ours may be a secret that went astray: it stays out of the log.
      ...((client || ISSUED_ID.test(credentials.clientId)) && { clientId: credentials.clientId }),
      reason: problem ?? 'unknown_client',
    });
    throw invalidClient();
  }

  private problemOf(client: Client | null, { secret, method }: ClientCredentials): string | null {
    // An unknown client takes the same path as a wrong secret.
    const matches = secretMatches(secret ?? '', client?.secretDigest ?? NO_DIGEST);
    if (!client) return 'unknown_client';
    if (!this.config.tokenEndpointAuthMethods.includes(method)) return 'method_not_offered';
    if (client.secretDigest === null) return secret === undefined ? null : 'secret_from_public_client';
    if (secret === undefined) return 'secret_missing';
    return matches ? null : 'wrong_secret';
  }
}

function secretMatches(secret: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(sha256Hex(secret), 'hex'), Buffer.from(digest, 'hex'));
}
