import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import type { Client } from '../clients/client.js';
import { isLoopbackRedirect, redirectHost } from '../clients/redirect-uri.js';
import type { ConsentTicket } from './consent-ticket.js';
import type { ConsentView } from './consent-view.js';

/** Name of the hidden field that holds the ticket. */
export const TICKET_FIELD = 'consent_ticket';

/** What the consent page shows about a ticket. */
export function toConsentView(
  ticket: ConsentTicket,
  sealedTicket: string,
  client: Client,
  user: { id: string; name?: string; email?: string },
  config: Pick<McpAuthConfig, 'scopes' | 'resources' | 'endpoints'>,
): ConsentView {
  const scopes = ticket.scopes.map((key) => {
    const definition = config.scopes.get(key);
    return {
      key,
      name: definition?.name ?? key,
      description: definition?.description ?? '',
      required: definition?.required ?? false,
    };
  });
  const resource = config.resources.find(({ url }) => url === ticket.resources[0]) ?? config.resources[0];
  return {
    clientName: client.clientName,
    clientId: client.clientId,
    clientHost: client.clientUri === null ? undefined : new URL(client.clientUri).host,
    redirectUri: ticket.redirectUri,
    redirectHost: redirectHost(ticket.redirectUri),
    redirectIsLoopback: isLoopbackRedirect(ticket.redirectUri),
    clientIsVerified: client.isVerified,
    userName: user.name ?? user.email ?? user.id,
    resourceName: resource.name ?? new URL(resource.url).host,
    resource: resource.url,
    scopes,
    requestedScopes: scopes.map(({ name, description }) => description || name),
    authorizationParams: {
      response_type: 'code',
      client_id: ticket.clientId,
      redirect_uri: ticket.redirectUri,
      scope: ticket.scopes.join(' '),
      ...(ticket.state !== undefined && { state: ticket.state }),
      code_challenge: ticket.codeChallenge,
      code_challenge_method: 'S256',
      resource: resource.url,
      [TICKET_FIELD]: sealedTicket,
    },
    approveUrl: new URL(config.endpoints.approve).pathname,
  };
}
