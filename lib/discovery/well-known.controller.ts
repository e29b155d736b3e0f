import { All, Inject, Req, Res } from '@nestjs/common';
import { Endpoint } from '../http/endpoint.js';
import { WELL_KNOWN_DOCUMENTS } from '../http/endpoint-paths.js';
import { jsonAnswer, type HttpAnswer } from '../http/http-answer.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { notFoundAnswer } from '../http/not-found.js';
import { WellKnownService } from './well-known.service.js';

/** Enough for any path of a resource or issuer. Wildcards are spelled differently by Express and Fastify. */
const MAX_SEGMENTS = 8;

/** `/.well-known/...` documents at the origin's root, with the path of a resource or issuer inserted. */
export class WellKnownController {
  constructor(
    @Inject(Endpoint) private readonly endpoint: Endpoint,
    @Inject(WellKnownService) private readonly service: WellKnownService,
  ) {}

  @All(
    WELL_KNOWN_DOCUMENTS.flatMap((document) =>
      Array.from(
        { length: MAX_SEGMENTS + 1 },
        (_, count) =>
          `.well-known/${document}${Array.from({ length: count }, (_unused, index) => `/:p${index}`).join('')}`,
      ),
    ),
  )
  handle(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    return this.endpoint.serve(request, response, {
      cors: true,
      allowHead: true,
      methods: { GET: (exchange) => this.answer(exchange) },
    });
  }

  private answer({ path }: HttpExchange): HttpAnswer {
    const [, before = '', document = '', inserted = ''] =
      /^(.*?)\/\.well-known\/([^/]+)(.*)$/i.exec(path) ?? [];
    const found = this.service.find(document.toLowerCase(), inserted, before);
    return found ? jsonAnswer(200, found) : notFoundAnswer();
  }
}
