import type { HttpAnswer } from './http-answer.js';
import type { HttpExchange } from './http-exchange.js';

/** Injection token of the {@link RequestGate} that the edge asks first. */
export const REQUEST_GATE = Symbol.for('nestjs-mcp-auth:request-gate');

/**
 * Stands before every handler of the application, routed or not. `body` of the exchange is always empty here.
 */
export interface RequestGate {
  /** Whether the request is this gate's business at all: cheap, synchronous, asked for every request. */
  covers(targets: readonly string[]): boolean;
  /** An answer ends the request; undefined lets it pass. */
  admit(exchange: Omit<HttpExchange, 'body'>): Promise<HttpAnswer | undefined>;
}
