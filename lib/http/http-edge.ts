import { Inject, Injectable, Optional } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { whenAdapterReady } from './adapter-ready.js';
import { EndpointPaths } from './endpoint-paths.js';
import { installOnExpress } from './express-edge.js';
import { installOnFastify } from './fastify-edge.js';
import { FrontDesk } from './front-desk.js';
import { RequestBodies } from './request-bodies.js';
import { REQUEST_GATE, type RequestGate } from './request-gate.js';
import { RouteInspector } from './route-inspector.js';

/**
 * Installs the module on the HTTP adapter. In the constructor, because later is too late: parsers are registered in
 * `app.init()`, and everything in main.ts comes after this.
 */
@Injectable()
export class HttpEdge {
  readonly bodies = new RequestBodies();

  constructor(
    host: HttpAdapterHost,
    routes: RouteInspector,
    @Inject(MCP_AUTH_CONFIG) config: McpAuthConfig,
    @Optional() @Inject(REQUEST_GATE) gate: RequestGate | undefined,
  ) {
    whenAdapterReady(host, (adapter) => {
      const paths = new EndpointPaths(config);
      const frontDesk = new FrontDesk(paths, gate);
      const install = adapter.getType() === 'fastify' ? installOnFastify : installOnExpress;
      routes.watch(adapter);
      install(adapter, frontDesk, paths, this.bodies);
    });
  }
}
