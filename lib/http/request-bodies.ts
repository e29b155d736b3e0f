import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { OAuthError } from './oauth-error.js';

/** Bytes; far above any legitimate request to these endpoints. */
export const MAX_BODY_BYTES = 64 * 1024;

/** Bodies of requests to our own endpoints, which no parser of the application ever sees. */
export class RequestBodies {
  private readonly bodies = new WeakMap<IncomingMessage, Buffer | OAuthError>();

  /** Reads the body once; a problem is answered, kept as well, and thrown by {@link get}. */
  async read(request: IncomingMessage, payload: Readable = request): Promise<OAuthError | null> {
    const body = await readBody(request, payload).catch((error: unknown) => toError(error));
    this.bodies.set(request, body);
    return body instanceof OAuthError ? body : null;
  }

  /** @throws {OAuthError} 413 for a body over the limit, 400 for one that could not be read */
  get(request: IncomingMessage): Buffer {
    const body = this.bodies.get(request) ?? Buffer.alloc(0);
    if (body instanceof OAuthError) throw body;
    return body;
  }
}

function toError(error: unknown): OAuthError {
  return error instanceof OAuthError
    ? error
    : new OAuthError('invalid_request', 'The body could not be read');
}

async function readBody(request: IncomingMessage, payload: Readable): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new OAuthError('invalid_request', 'The body must not have a Content-Encoding');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    payload.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_BODY_BYTES) {
        chunks.push(chunk);
        return;
      }
      // The rest flows by unseen, until the connection is closed with the answer.
      payload.removeAllListeners('data').resume();
      reject(
        new OAuthError('invalid_request', `The body exceeds ${MAX_BODY_BYTES} bytes`, 413, {
          Connection: 'close',
        }),
      );
    });
    payload.on('end', () => resolve(Buffer.concat(chunks)));
    payload.on('error', reject);
    payload.on('close', () => reject(new Error('closed')));
  });
}
