import { All, Inject, Req, Res } from '@nestjs/common';
import { Endpoint } from '../http/endpoint.js';
import { jsonAnswer, type HttpAnswer } from '../http/http-answer.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { UserinfoService } from './userinfo.service.js';

/** `GET|POST /oauth/userinfo` (OpenID Connect Core, section 5.3). */
export class UserinfoController {
  constructor(
    @Inject(Endpoint) private readonly endpoint: Endpoint,
    @Inject(UserinfoService) private readonly service: UserinfoService,
  ) {}

  @All('oauth/userinfo')
  handle(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    const answer = async ({ raw }: HttpExchange): Promise<HttpAnswer> =>
      jsonAnswer(200, await this.service.claimsOf(raw));
    return this.endpoint.serve(request, response, { cors: true, methods: { GET: answer, POST: answer } });
  }
}
