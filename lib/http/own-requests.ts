import type { IncomingMessage } from 'node:http';

const KEY = Symbol.for('nestjs-mcp-auth:own-requests');
const shared = globalThis as { [KEY]?: WeakSet<IncomingMessage> };
/** On globalThis, so that a CommonJS and an ES module copy of this package see the same requests. */
const own = (shared[KEY] ??= new WeakSet<IncomingMessage>());

/** Remembers that a request goes to one of the module's own endpoints. */
export function markAsOwn(request: IncomingMessage): void {
  own.add(request);
}

/** Whether a request goes to one of the module's own endpoints. Known before any middleware of the application runs. */
export function isOwn(request: IncomingMessage): boolean {
  return own.has(request);
}
