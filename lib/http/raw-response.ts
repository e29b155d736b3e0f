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

/**
 * Lets what is written into an answer that is out go nowhere. Interceptors of the application may set a header when the
 * handler is through, or stumble over a handler that returned nothing, and its filters answer once more: each of that
 * would throw, and Express ends the connection then, with the client's next request on it.
 */
export function seal(response: ServerResponse): void {
  const ignore = (): ServerResponse => response;
  Object.assign(response, {
    setHeader: ignore,
    setHeaders: ignore,
    appendHeader: ignore,
    removeHeader: ignore,
    writeHead: ignore,
    flushHeaders: ignore,
    write: () => true,
    end: ignore,
  });
}
