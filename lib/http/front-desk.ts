import type { IncomingMessage, ServerResponse } from 'node:http';
import { isPreflight, preflightAnswer } from './cors.js';
import { toOAuthError } from './error-answer.js';
import type { EndpointPaths } from './endpoint-paths.js';
import { writeRaw } from './raw-response.js';
import type { RequestGate } from './request-gate.js';

/** Node's request, with what Express and middie add to it. */
export type IncomingRequest = IncomingMessage & { originalUrl?: string };

/**
 * What happens to a request before any handler of the application: the gate of protected resources, preflights of our
 * own endpoints, and the removal of headers that would make cross-origin protections refuse machine clients.
 */
export class FrontDesk {
  private readonly seen = new WeakSet<IncomingMessage>();

  constructor(
    private readonly paths: EndpointPaths,
    private readonly gate: RequestGate | undefined,
  ) {}

  /** Whether {@link receive} has anything to do, so that other requests stay synchronous. */
  concerns(request: IncomingRequest): boolean {
    if (this.seen.has(request)) return false;
    if (this.gate?.covers(targetsOf(request))) return true;
    return this.paths.isOpenToAnyOrigin(pathOf(request));
  }

  /** True when the request was answered. */
  async receive(request: IncomingRequest, response: ServerResponse): Promise<boolean> {
    // On Fastify the same request passes here twice: as a middleware's, and in a hook.
    this.seen.add(request);
    if (this.gate?.covers(targetsOf(request))) return this.admit(this.gate, request, response);
    if (isPreflight(request.method, request.headers)) {
      writeRaw(response, preflightAnswer(['GET', 'POST']));
      return true;
    }
    // These endpoints authenticate every request by itself and never by a cookie, so protections against cross-site
    // requests have nothing to protect here, and must not refuse browser-based clients.
    delete request.headers.origin;
    delete request.headers['sec-fetch-site'];
    return false;
  }

  private async admit(
    gate: RequestGate,
    request: IncomingRequest,
    response: ServerResponse,
  ): Promise<boolean> {
    const target = request.originalUrl ?? request.url ?? '';
    const query = target.indexOf('?');
    const answer = await gate
      .admit({
        method: request.method ?? '',
        path: query < 0 ? target : target.slice(0, query),
        query: query < 0 ? '' : target.slice(query + 1),
        headers: request.headers,
        request,
        raw: request,
      })
      .catch((error: unknown) => toOAuthError(error).toAnswer());
    if (!answer) return false;
    writeRaw(response, answer);
    return true;
  }
}

function targetsOf(request: IncomingRequest): string[] {
  const { url = '', originalUrl } = request;
  return originalUrl === undefined || originalUrl === url ? [url] : [url, originalUrl];
}

export function pathOf(request: IncomingRequest): string {
  return (request.originalUrl ?? request.url ?? '').split('?', 1)[0] ?? '';
}
