import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { HttpAnswer } from './http-answer.js';

/** Injection token of the {@link RequestGate} that the edge asks first. */
export const REQUEST_GATE = Symbol.for('nestjs-mcp-auth:request-gate');

/** A request as it arrives, before anybody has read its body. */
export interface ArrivingRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  raw: IncomingMessage;
}

/** Decides about one request. An answer ends it; undefined lets it pass. */
export type Admission = (request: ArrivingRequest) => Promise<HttpAnswer | undefined>;

/** Stands before every handler of the application, routed or not. */
export interface RequestGate {
  /** How the request is admitted; undefined when it is not this gate's business. Synchronous, asked for every request. */
  admissionOf(targets: readonly string[]): Admission | undefined;
}
