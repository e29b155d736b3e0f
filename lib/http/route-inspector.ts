import { Injectable } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';

/** A route as it was registered with the HTTP server: prefix and version included. */
export interface RegisteredRoute {
  method: string;
  pattern: string;
}

interface ExpressLayer {
  route?: { path: string | string[]; methods: Record<string, boolean> };
}
interface ExpressInstance {
  router?: { stack: ExpressLayer[] };
  _router?: { stack: ExpressLayer[] };
}
interface FastifyInstance {
  addHook(name: 'onRoute', hook: (route: { url: string; method: string | string[] }) => void): void;
}

/** Tells which routes the application really has. */
@Injectable()
export class RouteInspector {
  private adapter: NonNullable<HttpAdapterHost['httpAdapter']> | undefined;
  private readonly fastifyRoutes: RegisteredRoute[] = [];

  /** Fastify tells of a route only while it is being registered. */
  watch(adapter: NonNullable<HttpAdapterHost['httpAdapter']>): void {
    this.adapter = adapter;
    if (adapter.getType() !== 'fastify') return;
    adapter.getInstance<FastifyInstance>().addHook('onRoute', ({ url, method }) => {
      for (const name of [method].flat()) this.fastifyRoutes.push({ method: name, pattern: url });
    });
  }

  /** False in a standalone application context: a seed, a worker, a command. */
  get isServing(): boolean {
    return this.adapter !== undefined;
  }

  /** Complete from `onApplicationBootstrap` on. */
  routes(): RegisteredRoute[] {
    if (!this.adapter || this.adapter.getType() === 'fastify') return this.fastifyRoutes;
    const instance = this.adapter.getInstance<ExpressInstance>();
    const stack = (instance.router ?? instance._router)?.stack ?? [];
    return stack.flatMap(({ route }) =>
      route
        ? [route.path].flat().flatMap((pattern) =>
            Object.keys(route.methods).map((method) => ({
              method: method === '_all' ? 'ALL' : method.toUpperCase(),
              pattern,
            })),
          )
        : [],
    );
  }
}
