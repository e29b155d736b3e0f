import { All, Inject, Req, Res } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { Endpoint } from '../http/endpoint.js';
import { RateLimiter } from '../http/rate-limiter.js';
import { jsonAnswer } from '../http/http-answer.js';
import { parseJsonObject } from '../http/parameters.js';
import { RegisterService } from './register.service.js';

/** `POST /oauth/register`: dynamic client registration (RFC 7591). */
export class RegisterController {
  constructor(
    @Inject(Endpoint) private readonly endpoint: Endpoint,
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(RegisterService) private readonly service: RegisterService,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  @All('oauth/register')
  handle(@Req() request: unknown, @Res() response: unknown): Promise<void> {
    return this.endpoint.serve(request, response, {
      cors: true,
      isAbsent: !this.config.isAuthorizationServer || !this.config.dynamicClientRegistration,
      methods: {
        POST: async (exchange) => {
          const metadata = parseJsonObject(exchange, 'invalid_client_metadata');
          // It has no client_id yet: what it will be known by tells one client from another.
          await this.limiter.spend('register', exchange, JSON.stringify(metadata.redirect_uris));
          return jsonAnswer(201, await this.service.register(metadata));
        },
      },
    });
  }
}
