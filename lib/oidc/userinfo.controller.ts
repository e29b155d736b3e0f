import { All, Inject, Req, Res } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { Endpoint } from '../http/endpoint.js';
import { jsonAnswer, type HttpAnswer } from '../http/http-answer.js';
import type { HttpExchange } from '../http/http-exchange.js';
import { UserinfoService } from './userinfo.service.js';

/** `GET|POST /oauth/userinfo` (OpenID Connect Core, section 5.3). */
export class UserinfoController {
  constructor(
    @Inject(Endpoint) private readonly endpoint: Endpoint,
    @Inject(UserinfoService) private readonly service: UserinfoService,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  @All('oauth/userinfo')
  handle(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    const answer = async ({ raw }: HttpExchange): Promise<HttpAnswer> =>
      jsonAnswer(200, await this.service.claimsOf(raw));
    return this.endpoint.serve(request, response, {
      cors: true,
      isAbsent: !this.config.isAuthorizationServer,
      methods: { GET: answer, POST: answer },
    });
  }
}
