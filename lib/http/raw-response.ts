import type { ServerResponse } from 'node:http';
import type { HttpAnswer } from './http-answer.js';

/** Writes an answer where no framework stands in between: in front of every handler. */
export function writeRaw(response: ServerResponse, answer: HttpAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.status !== 204) response.setHeader('Content-Length', Buffer.byteLength(answer.body));
  response.end(answer.body);
}
