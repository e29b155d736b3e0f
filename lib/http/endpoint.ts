import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { isLoopbackServer } from '../config/resolve-urls.js';
import { CORS_HEADERS, preflightAnswer } from './cors.js';
import { toOAuthError } from './error-answer.js';
import type { HttpAnswer } from './http-answer.js';
import { HttpEdge } from './http-edge.js';
import type { HttpExchange } from './http-exchange.js';
import { notFoundAnswer } from './not-found.js';
import { OAuthError } from './oauth-error.js';
import { seal } from './raw-response.js';
import { pathOf, targetOf } from './request-target.js';

type EndpointMethod = 'GET' | 'POST';

/** What an endpoint is, apart from what it decides. */
export interface EndpointRoute {
  methods: Partial<Record<EndpointMethod, (exchange: HttpExchange) => HttpAnswer | Promise<HttpAnswer>>>;
  /** Readable by browser-based clients of any origin. */
  cors: boolean;
  /** How a refusal looks. Default: JSON. */
  refuse?: (error: OAuthError, exchange: HttpExchange | undefined) => HttpAnswer;
  /** Answer HEAD like GET, without a body. Default: false. */
  allowHead?: boolean;
  /** Switched off: every request is answered with 404. Default: false. */
  isAbsent?: boolean;
}

/**
 * Serves a request of one of our endpoints on any adapter: the same methods, errors and headers everywhere, whatever
 * interceptors, filters and pipes the application has.
 */
@Injectable()
export class Endpoint {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly edge: HttpEdge,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  /** Answers the request, and resolves when the answer is out. Never throws. */
  async serve(request: unknown, response: unknown, route: EndpointRoute): Promise<void> {
    const answer = await this.answer(request, route);
    await this.write(
      response,
      route.cors ? { ...answer, headers: { ...CORS_HEADERS, ...answer.headers } } : answer,
    );
  }

  private async answer(request: unknown, route: EndpointRoute): Promise<HttpAnswer> {
    let exchange: HttpExchange | undefined;
    if (route.isAbsent) return notFoundAnswer();
    try {
      const raw = rawRequest(request);
      if (raw.method === 'OPTIONS' && route.cors) return preflightAnswer(Object.keys(route.methods));
      const handler = route.methods[this.methodOf(raw, route)];
      if (!handler) throw methodNotAllowed(route);
      this.requireHttps(raw);
      exchange = this.exchangeOf(request, raw);
      return await handler(exchange);
    } catch (error) {
      const refusal = toOAuthError(error);
      return route.refuse ? route.refuse(refusal, exchange) : refusal.toAnswer();
    }
  }

  private methodOf(raw: IncomingMessage, route: EndpointRoute): EndpointMethod {
    return (raw.method === 'HEAD' && route.allowHead ? 'GET' : raw.method) as EndpointMethod;
  }

  private exchangeOf(request: unknown, raw: IncomingMessage): HttpExchange {
    const target = targetOf(raw);
    const separator = target.indexOf('?');
    return {
      method: raw.method ?? '',
      path: pathOf(raw),
      query: separator < 0 ? '' : target.slice(separator + 1),
      headers: raw.headers,
      body: this.edge.bodies.get(raw),
      request,
      raw,
    };
  }

  private requireHttps(raw: IncomingMessage): void {
    if (!this.config.requireHttps || (raw.socket as TLSSocket).encrypted) return;
    const remote = raw.socket.remoteAddress ?? '';
    if (isLoopbackServer(this.config) && /^(::1|(::ffff:)?127\.)/.test(remote)) return;
    if (this.config.tlsTerminatedByProxy) {
      // The proxy next to us wrote the last value.
      const forwarded = [raw.headers['x-forwarded-proto'] ?? []].flat().join(',').split(',').at(-1)?.trim();
      if (!forwarded || forwarded.toLowerCase() === 'https') return;
    }
    throw new OAuthError('invalid_request', 'HTTPS is required');
  }

  private async write(response: unknown, answer: HttpAnswer): Promise<void> {
    const raw = rawResponse(response);
    const { httpAdapter } = this.host;
    const done = new Promise<void>((resolve) => {
      raw.once('finish', resolve);
      raw.once('close', resolve);
    });
    for (const [name, value] of Object.entries(answer.headers)) {
      // Adapters take an array for Set-Cookie, though their type says string.
      httpAdapter.setHeader(response, name, value as string);
    }
    httpAdapter.reply(response, answer.body, answer.status);
    // Returning earlier lets an interceptor or filter of the application write into an answer that is on its way.
    if (!raw.writableFinished && !raw.destroyed) await done;
    seal(raw);
  }
}

function methodNotAllowed(route: EndpointRoute): OAuthError {
  const allowed = Object.keys(route.methods).join(', ');
  return new OAuthError('invalid_request', `The method must be one of: ${allowed}`, 405, { Allow: allowed });
}

function rawRequest(request: unknown): IncomingMessage {
  return (request as { raw?: IncomingMessage }).raw ?? (request as IncomingMessage);
}

function rawResponse(response: unknown): ServerResponse {
  return (response as { raw?: ServerResponse }).raw ?? (response as ServerResponse);
}
