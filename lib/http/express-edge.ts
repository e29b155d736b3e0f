import type { ServerResponse } from 'node:http';
import type { HttpAdapterHost } from '@nestjs/core';
import { CORS_HEADERS } from './cors.js';
import type { EndpointPaths } from './endpoint-paths.js';
import { pathOf, type FrontDesk, type IncomingRequest } from './front-desk.js';
import { writeRaw } from './raw-response.js';
import type { RequestBodies } from './request-bodies.js';

interface ExpressRouter {
  stack: unknown[];
}
interface ExpressInstance {
  router?: ExpressRouter;
  _router?: ExpressRouter;
}

/** Puts the front desk before everything else on an Express adapter, and reads the bodies of our endpoints there. */
export function installOnExpress(
  adapter: NonNullable<HttpAdapterHost['httpAdapter']>,
  frontDesk: FrontDesk,
  paths: EndpointPaths,
  bodies: RequestBodies,
): void {
  /** True when the request was answered. */
  const readBody = async (request: IncomingRequest, response: ServerResponse): Promise<boolean> => {
    const problem = await bodies.read(request);
    // Parsers skip a request that was read to its end or carries their mark; one that is not at its end they would try
    // to read, so it goes no further.
    if (problem && !request.readableEnded) {
      const { status, headers, body } = problem.toAnswer();
      writeRaw(response, { status, headers: { ...CORS_HEADERS, ...headers }, body });
      return true;
    }
    Object.assign(request, { _body: true });
    return false;
  };
  adapter.use((request: IncomingRequest, response: ServerResponse, next: (error?: unknown) => void) => {
    const plan = frontDesk.planFor(request);
    const hasBody = request.method === 'POST' && paths.endpointAt(pathOf(request)) !== undefined;
    if (!plan && !hasBody) {
      next();
      return;
    }
    const handle = async (): Promise<boolean> =>
      (plan !== undefined && (await plan(response))) || (hasBody && (await readBody(request, response)));
    handle().then((answered) => {
      if (!answered) next();
    }, next);
  });
  // Handlers may have been mounted on the instance before Nest got it: they come after us all the same.
  const instance = adapter.getInstance<ExpressInstance>();
  const router = instance.router ?? instance._router;
  const layer = router?.stack.pop();
  if (layer !== undefined) router?.stack.unshift(layer);
}
