import type { IncomingMessage } from 'node:http';
import type { McpPrincipal } from './mcp-principal.js';

const KEY = Symbol.for('nestjs-mcp-auth:principals');
const shared = globalThis as { [KEY]?: WeakMap<object, McpPrincipal> };
/** On globalThis, so that a CommonJS and an ES module copy of this package see the same principals. */
const principals = (shared[KEY] ??= new WeakMap<object, McpPrincipal>());

/** Node's request behind a request of Express, Fastify or Node. */
export function rawRequestOf(request: unknown): IncomingMessage {
  return (request as { raw?: IncomingMessage }).raw ?? (request as IncomingMessage);
}

export function storePrincipal(request: unknown, principal: McpPrincipal): void {
  principals.set(rawRequestOf(request), principal);
}

/**
 * Who is calling, outside of controllers: in plain middleware or another library's handler under the MCP path.
 *
 * @example
 * app.use('/mcp/api', (req, res) => transport.handle(req, res, { user: currentPrincipal(req)?.userId }));
 */
export function currentPrincipal(request: unknown): McpPrincipal | undefined {
  return principals.get(rawRequestOf(request));
}
