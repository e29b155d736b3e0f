import type { ClientRecord } from '../storage/records.js';

/** Client information response (RFC 7591, section 3.2.1). */
export interface ClientInformation {
  client_id: string;
  client_id_issued_at: number;
  client_secret?: string;
  client_secret_expires_at?: number;
  client_name: string;
  client_uri?: string;
  redirect_uris: readonly string[];
  grant_types: readonly string[];
  response_types: string[];
  token_endpoint_auth_method: string;
  scope?: string;
  application_type?: string;
}

/** @param secret null for a public client, and when it was shown already */
export function toClientInformation(client: ClientRecord, secret: string | null): ClientInformation {
  return {
    client_id: client.clientId,
    client_id_issued_at: Math.floor(client.createdAt / 1000),
    ...(secret !== null && { client_secret: secret, client_secret_expires_at: 0 }),
    client_name: client.clientName,
    ...(client.clientUri !== null && { client_uri: client.clientUri }),
    redirect_uris: client.redirectUris,
    grant_types: client.grantTypes,
    response_types: ['code'],
    token_endpoint_auth_method: client.tokenEndpointAuthMethod,
    ...(client.scope !== null && { scope: client.scope }),
    ...(client.applicationType !== null && { application_type: client.applicationType }),
  };
}
