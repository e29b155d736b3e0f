import type { ServerResponse } from 'node:http';
import type { HttpAdapterHost } from '@nestjs/core';
import type { EndpointPaths } from './endpoint-paths.js';
import type { FrontDesk } from './front-desk.js';
import type { RequestBodies } from './request-bodies.js';
import { pathOf, type IncomingRequest } from './request-target.js';

interface ExpressRouter {
  stack: unknown[];
}
interface ExpressInstance {
  router?: ExpressRouter;
  _router?: ExpressRouter;
}

/** Parsers tell by these whether there is a body. */
const BODY_HEADERS = ['content-length', 'transfer-encoding'];
const CONDITIONAL_HEADERS = ['if-none-match', 'if-modified-since'];

/** Puts the front desk before everything else on an Express adapter, and reads the bodies of our endpoints there. */
export function installOnExpress(
  adapter: NonNullable<HttpAdapterHost['httpAdapter']>,
  frontDesk: FrontDesk,
  paths: EndpointPaths,
  bodies: RequestBodies,
): void {
  const receiveOurs = async (request: IncomingRequest): Promise<void> => {
    await bodies.read(request);
    // Parsers skip a request that was read to its end. What is left of one that was refused would make them answer.
    if (!request.readableEnded) hide(request, BODY_HEADERS);
    // Express would answer them with an empty 304; ours may not be stored, so nobody has a copy.
    hide(request, CONDITIONAL_HEADERS);
  };
  adapter.use((request: IncomingRequest, response: ServerResponse, next: (error?: unknown) => void) => {
    const plan = frontDesk.planFor(request);
    const isOurs = paths.includes(pathOf(request));
    if (!plan && !isOurs) {
      next();
      return;
    }
    const handle = async (): Promise<boolean> => {
      if (plan && (await plan(response))) return true;
      if (isOurs) await receiveOurs(request);
      return false;
    };
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

function hide(request: IncomingRequest, names: readonly string[]): void {
  for (const name of names) delete request.headers[name];
}
