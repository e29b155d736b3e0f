import type { McpPrincipal } from './mcp-principal.js';

/** `AuthInfo` of the MCP SDK: what its transports hand to tools as `extra.authInfo`. */
export interface McpAuthInfo {
  token: string;
  clientId: string;
  scopes: string[];
  expiresAt: number;
  resource: URL;
  extra: { userId: string; orgId: string | null };
}

/**
 * A principal in the shape that the MCP SDK expects in `request.auth`.
 *
 * @example
 * await transport.handleRequest(Object.assign(request, { auth: toAuthInfo(principal) }), response, body);
 */
export function toAuthInfo(principal: McpPrincipal): McpAuthInfo {
  return {
    token: principal.token,
    clientId: principal.clientId,
    scopes: [...principal.scopes],
    expiresAt: principal.expiresAt,
    resource: new URL(principal.resource),
    extra: { userId: principal.userId, orgId: principal.orgId },
  };
}
