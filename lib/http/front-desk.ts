import type { IncomingMessage, ServerResponse } from 'node:http';
import { isPreflight, preflightAnswer } from './cors.js';
import { toOAuthError } from './error-answer.js';
import type { EndpointPaths } from './endpoint-paths.js';
import { markAsOwn } from './own-requests.js';
import { writeRaw } from './raw-response.js';
import type { Admission, RequestGate } from './request-gate.js';
import { pathOf, targetOf, type IncomingRequest } from './request-target.js';

/** Resolves to true when the request was answered. */
export type Plan = (response: ServerResponse) => Promise<boolean>;

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

  /** What there is to do before any handler; undefined for nothing, so that other requests stay synchronous. */
  planFor(request: IncomingRequest): Plan | undefined {
    // On Fastify the same request passes here several times: in hooks, and as a middleware's.
    if (this.seen.has(request)) return undefined;
    const path = pathOf(request);
    if (this.paths.isAdvertised(path)) markAsOwn(request);
    const admission = this.gate?.admissionOf(targetsOf(request));
    if (!admission && !this.paths.isOpenToAnyOrigin(path)) return undefined;
    this.seen.add(request);
    return admission
      ? (response) => admit(admission, request, response)
      : (response) => Promise.resolve(this.receiveMachine(request, response));
  }

  private receiveMachine(request: IncomingRequest, response: ServerResponse): boolean {
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
}

async function admit(
  admission: Admission,
  request: IncomingRequest,
  response: ServerResponse,
): Promise<boolean> {
  const { method = '', headers } = request;
  // As it was written: what has more than one reading is no public route.
  const path = targetOf(request).split('?', 1)[0] ?? '';
  const answer = await admission({ method, path, headers, raw: request }).catch((error: unknown) =>
    toOAuthError(error).toAnswer(),
  );
  if (answer) writeRaw(response, answer);
  return answer !== undefined;
}

function targetsOf(request: IncomingRequest): string[] {
  const { url = '', originalUrl } = request;
  return originalUrl === undefined || originalUrl === url ? [url] : [url, originalUrl];
}
