import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { RouteInspector } from '../http/route-inspector.js';
import { liesUnder } from './resource-path.js';

/** Says at start when the protected path has no route, which mostly means that a prefix was forgotten. */
@Injectable()
export class ProtectedRouteCheck implements OnApplicationBootstrap {
  private readonly logger = new Logger('McpAuth');

  constructor(
    private readonly routes: RouteInspector,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.routes.isServing) return;
    const patterns = [...new Set(this.routes.routes().map(({ pattern }) => pattern))];
    for (const { path } of this.config.resources) {
      if (patterns.some((pattern) => liesUnder(pattern, path))) continue;
      const last = path.split('/').at(-1) ?? '';
      const near = patterns.filter((pattern) =>
        pattern.toLowerCase().split('/').includes(last.toLowerCase()),
      );
      this.logger.warn(
        `No route lies under ${path} (mcpServerPath)` +
          (near.length > 0 ? `; did you mean one of ${near.slice(0, 5).join(', ')}?` : '') +
          ' Handlers mounted with app.use() are not routes; they are protected all the same.',
      );
    }
  }
}
