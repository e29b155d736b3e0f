import { Inject, Injectable } from '@nestjs/common';
import { McpAuthConfigurationError } from '../config/configuration.error.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import type { PreRegisteredClient, TokenEndpointAuthMethod } from '../config/mcp-auth-options.js';
import { ClientRepository } from '../storage/client.repository.js';
import { sha256Hex } from '../storage/hash.js';
import type { ClientRecord } from '../storage/records.js';
import { cleanClientName } from './client-name.js';
import type { Client } from './client.js';
import { checkRedirectUri } from './redirect-uri.js';

/** Finds clients: those of the options first, which need no query, then registered ones. */
@Injectable()
export class ClientDirectory {
  private readonly preRegisteredClients: ReadonlyMap<string, Client>;

  /** @throws {McpAuthConfigurationError} for redirect URIs that no client may have */
  constructor(
    private readonly repository: ClientRepository,
    @Inject(MCP_AUTH_CONFIG) config: McpAuthConfig,
  ) {
    assertRedirectUris(config.clients);
    this.preRegisteredClients = new Map(
      config.clients.map((client) => [client.clientId, fromOptions(client)]),
    );
  }

  preRegistered(clientId: string): Client | undefined {
    return this.preRegisteredClients.get(clientId);
  }

  async find(clientId: string): Promise<Client | null> {
    return this.preRegistered(clientId) ?? this.fromRecord(await this.repository.find(clientId));
  }

  fromRecord(record: ClientRecord | null): Client | null {
    if (!record) return null;
    return {
      clientId: record.clientId,
      clientName: record.clientName,
      clientUri: record.clientUri,
      redirectUris: record.redirectUris,
      grantTypes: record.grantTypes,
      tokenEndpointAuthMethod: record.tokenEndpointAuthMethod as TokenEndpointAuthMethod,
      secretDigest: record.secretDigest,
      scope: record.scope,
      scopeIsCeiling: record.registeredBy === 'operator' && record.scope !== null,
      isVerified: record.registeredBy === 'operator',
      mayIntrospect: record.allowIntrospection,
      metadataDigest: metadataDigest(record),
      isMarked: record.markedAt !== null,
    };
  }

  /** Tells cleanup that a client which it had marked as unused is in use again. False when cleanup was faster. */
  async touch(client: Client): Promise<boolean> {
    return !client.isMarked || this.repository.unmark(client.clientId);
  }
}

/** An operator is as careful as anybody: what a client may not register, nobody may. */
function assertRedirectUris(clients: readonly PreRegisteredClient[]): void {
  const problems = clients.flatMap(({ clientId, redirectUris = [] }) =>
    redirectUris.flatMap((uri) => {
      const problem = checkRedirectUri(uri);
      return problem === null
        ? []
        : [`clients: the redirect URI ${JSON.stringify(uri)} of ${JSON.stringify(clientId)} ${problem}`];
    }),
  );
  if (problems.length > 0) throw new McpAuthConfigurationError(problems);
}

function fromOptions(options: PreRegisteredClient): Client {
  const client = {
    clientId: options.clientId,
    clientName: cleanClientName(options.clientName ?? options.clientId),
    clientUri: options.clientUri ?? null,
    redirectUris: options.redirectUris ?? [],
  };
  return {
    ...client,
    grantTypes: options.grantTypes ?? ['authorization_code', 'refresh_token'],
    tokenEndpointAuthMethod: options.clientSecret === undefined ? 'none' : 'client_secret_basic',
    secretDigest: options.clientSecret === undefined ? null : sha256Hex(options.clientSecret),
    scope: options.scope ?? null,
    scopeIsCeiling: options.scope !== undefined,
    isVerified: true,
    mayIntrospect: options.allowIntrospection ?? false,
    metadataDigest: metadataDigest(client),
    isMarked: false,
  };
}

function metadataDigest(client: Pick<Client, 'clientName' | 'clientUri' | 'redirectUris'>): string {
  return sha256Hex(JSON.stringify([client.clientName, client.clientUri, client.redirectUris]));
}
