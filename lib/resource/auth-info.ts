import type { McpPrincipal } from './mcp-principal.js';

/** `AuthInfo` of the MCP SDK: what its transports hand to tools as `extra.authInfo`. */
export interface McpAuthInfo {
  /** The access token itself. */
  token: string;
  /** The client that calls. */
  clientId: string;
  /** Granted scopes. */
  scopes: string[];
  /** Seconds since the epoch. */
  expiresAt: number;
  /** The resource that the token is for. */
  resource: URL;
  /** What the SDK has no member for. */
  extra: {
    /** The user on whose behalf the client calls. */
    userId: string;
    /** The organization that the user acts for. */
    orgId: string | null;
  };
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
