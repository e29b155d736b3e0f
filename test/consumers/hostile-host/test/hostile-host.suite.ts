import type { AdapterName } from '../src/settings.js';
import type { HostDatabaseKind } from './databases.js';
import { describeFlow } from './flow.suite.js';
import { describeOwnRoutes } from './own-routes.suite.js';
import { describeShapes } from './shapes.suite.js';

const ADAPTERS: readonly AdapterName[] = ['express', 'fastify'];

/** Everything that has to hold in an application that has everything. */
export function describeHostileHost(kinds: readonly [HostDatabaseKind, ...HostDatabaseKind[]]): void {
  for (const adapter of ADAPTERS) {
    for (const kind of kinds) {
      describeFlow(adapter, kind);
      describeFlow(adapter, kind, 'auth');
    }
    describeShapes(adapter, kinds[0]);
    describeOwnRoutes(adapter, kinds[0]);
  }
}
