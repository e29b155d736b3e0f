import type { ClientRecord } from '../storage/records.js';

/** Client information response (RFC 7591, section 3.2.1). */
export interface ClientInformation {
  /** Unique identifier of the client. */
  client_id: string;
  /** Seconds since the epoch. */
  client_id_issued_at: number;
  /** In the answer to a registration or rotation of a confidential client only. */
  client_secret?: string;
  /** 0: it does not expire. */
  client_secret_expires_at?: number;
  /** Shown on the consent page. */
  client_name: string;
  /** Web page of the client. */
  client_uri?: string;
  /** Where authorization responses may go. */
  redirect_uris: readonly string[];
  /** Grant types that it may use. */
  grant_types: readonly string[];
  /** Always `code`. */
  response_types: string[];
  /** `none` for a public client. */
  token_endpoint_auth_method: string;
  /** Space-separated; a default, or a ceiling for a client of the operator. */
  scope?: string;
  /** `native` or `web`, when it said so. */
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
