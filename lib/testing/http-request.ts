import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { ServerAddress } from './server-address.js';

/** A request of a test: what `fetch()` takes, as far as it is needed. */
export interface TestRequest {
  /** Default: GET. */
  method?: string;
  /** Beside those that every request has. */
  headers?: Record<string, string>;
  /** As it is sent. Default: none. */
  body?: string;
}

/** Statuses whose answers have no body, which Response insists on. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Asks the application, under its public host name, and follows no redirect. Not `fetch()`: it would set no Host header,
 * trust no certificate of a test's own, and keep the connection.
 *
 * @param url a path, or a URL as the application advertises it
 */
export function send(address: ServerAddress, url: string, request: TestRequest = {}): Promise<Response> {
  const target = address.locate(url);
  const { method = 'GET', headers = {}, body = '' } = request;
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    method,
    agent: false,
    rejectUnauthorized: false,
    headers: {
      host: new URL(address.publicOrigin).host,
      ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    const receive = (answer: IncomingMessage): void => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => resolve(toResponse(answer, Buffer.concat(chunks))));
    };
    const outgoing =
      target.protocol === 'https:'
        ? requestHttps(target, options, receive)
        : requestHttp(target, options, receive);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function toResponse({ statusCode = 0, rawHeaders }: IncomingMessage, body: Buffer): Response {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return new Response(WITHOUT_BODY.has(statusCode) ? null : new Uint8Array(body), {
    status: statusCode,
    headers,
  });
}
