import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request as the endpoints see it, the same on Express and Fastify. */
export interface HttpExchange {
  readonly method: string;
  /** The request target's path as it arrived, still encoded, without the query. */
  readonly path: string;
  /** The query as it arrived, without the question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** The raw body; empty when there was none. */
  readonly body: Buffer;
  /** The framework's request, for hooks that the application wrote. */
  readonly request: unknown;
  /** Node's request: one object per request on every adapter. */
  readonly raw: IncomingMessage;
}
