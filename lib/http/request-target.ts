import type { IncomingMessage } from 'node:http';

/** Node's request, with what Express and middie add to it. */
export type IncomingRequest = IncomingMessage & { originalUrl?: string };

/** The request target as it arrived, also after a middleware has rewritten `url`. */
export function targetOf({ url = '', originalUrl = url }: IncomingRequest): string {
  return originalUrl;
}

/** The path that routers see: without query, fragment and the authority of an absolute-form target (RFC 9112, section 3.2.2). */
export function pathOf(request: IncomingRequest): string {
  return (
    targetOf(request)
      .replace(/^https?:\/\/[^/?#]*/i, '')
      .split(/[?#]/, 1)[0] ?? ''
  );
}
