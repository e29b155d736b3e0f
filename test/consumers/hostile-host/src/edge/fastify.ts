import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import helmet from '@fastify/helmet';
import session from '@fastify/session';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isMcpAuthRequest } from 'nestjs-mcp-auth';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** helmet, sessions and CSRF protection, as an application on Fastify has them. */
export async function equipFastify(app: NestFastifyApplication): Promise<void> {
  await app.register(helmet);
  await app.register(cookie);
  await app.register(session, {
    secret: 'the-session-secret-which-is-long-enough',
    cookie: { secure: false },
    saveUninitialized: false,
  });
  await app.register(csrf, {
    sessionPlugin: '@fastify/session',
    getToken: ({ headers }) => headers['x-csrf-token'] as string | undefined,
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.decorateRequest('csrfToken');
  fastify.addHook('preHandler', (request, reply, done) => {
    Object.assign(request, { csrfToken: () => reply.generateCsrf() });
    if (SAFE_METHODS.includes(request.method) || isMcpAuthRequest(request)) done();
    else fastify.csrfProtection(request, reply, done);
  });
}
