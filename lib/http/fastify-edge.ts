import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { HttpAdapterHost } from '@nestjs/core';
import type { EndpointPaths } from './endpoint-paths.js';
import { OAuthError } from './oauth-error.js';
import { toOAuthError } from './error-answer.js';
import type { FrontDesk } from './front-desk.js';
import type { RequestBodies } from './request-bodies.js';

interface FastifyRequest {
  raw: IncomingMessage;
  headers: Record<string, unknown>;
}
interface FastifyReply {
  raw: ServerResponse;
  hijack(): void;
  code(status: number): FastifyReply;
  headers(headers: Record<string, unknown>): FastifyReply;
  send(body: string): FastifyReply;
}
type PreParsingHook = (request: FastifyRequest, reply: FastifyReply, payload: Readable) => Promise<Readable>;
type RequestHook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;
/** Nest's adapter has one slot for a hook that runs before its own CORS; since 11.1.6. */
interface AdapterWithRequestHook {
  onRequestHook?: RequestHook;
  setOnRequestHook?(hook: RequestHook): void;
}
interface FastifyRoute {
  url: string;
  method: string | string[];
  preParsing?: PreParsingHook | PreParsingHook[];
  errorHandler?: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
}
interface FastifyInstance {
  addHook(name: 'onRequest', hook: RequestHook): void;
  addHook(name: 'onRoute', hook: (route: FastifyRoute) => void): void;
}

/** Puts the front desk before everything else on a Fastify adapter, and reads the bodies of our endpoints there. */
export function installOnFastify(
  adapter: NonNullable<HttpAdapterHost['httpAdapter']>,
  frontDesk: FrontDesk,
  paths: EndpointPaths,
  bodies: RequestBodies,
): void {
  const instance = adapter.getInstance<FastifyInstance>();

  // Before handlers that the application mounts with app.use(); needs middie, which an adapter may be told to leave out.
  if (!(adapter as unknown as { options?: { skipMiddie?: boolean } }).options?.skipMiddie) {
    adapter.use((request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => {
      const plan = frontDesk.planFor(request);
      if (!plan) {
        next();
        return;
      }
      plan(response).then((answered) => {
        if (!answered) next();
      }, next);
    });
  }

  const hook: RequestHook = (request, reply, done) => {
    const plan = frontDesk.planFor(request.raw);
    if (!plan) {
      done();
      return;
    }
    plan(reply.raw).then((answered) => {
      if (answered) reply.hijack();
      else done();
    }, done);
  };
  // Before the application's enableCors(), which would answer our preflights by its own policy.
  const slot = adapter as AdapterWithRequestHook;
  const earlier = slot.onRequestHook;
  slot.setOnRequestHook?.((request, reply, done) =>
    hook(request, reply, (error) => (error || !earlier ? done(error) : earlier(request, reply, done))),
  );
  // Before routes, plugins and 404s, also where the slot is missing or the application took it.
  instance.addHook('onRequest', hook);

  instance.addHook('onRoute', (route) => {
    // By the route, not by the request: Fastify's router decodes `%74oken`.
    if (!paths.includes(route.url)) return;
    const readBody: PreParsingHook = async (request, _reply, payload) => {
      await bodies.read(request.raw, payload);
      // No parser runs for a request without content.
      request.headers = {
        'content-type': undefined,
        'content-length': undefined,
        'transfer-encoding': undefined,
      };
      return Readable.from([]);
    };
    route.preParsing = [route.preParsing ?? [], readBody].flat();
    route.errorHandler = (error, _request, reply) => {
      const answer = fromApplication(error).toAnswer();
      reply.code(answer.status).headers(answer.headers).send(answer.body);
    };
  });
}

/** What a hook of the application threw at one of our routes, in OAuth's shape. */
function fromApplication(error: unknown): OAuthError {
  const { getStatus, statusCode } = error as { getStatus?: () => number; statusCode?: number };
  const status = getStatus?.call(error) ?? statusCode ?? 500;
  if (status >= 500) return toOAuthError(error);
  return new OAuthError('invalid_request', 'The request was refused', status);
}
