import type { ProtectedResource } from '../config/mcp-auth-config.js';
import { rawRequestOf } from './principal-store.js';
import { liesUnder } from './resource-path.js';

interface RoutedRequest {
  /** Express. */
  route?: { path?: unknown };
  /** Fastify. */
  routeOptions?: { url?: unknown };
}

/** Characters of a pattern that stand for something else: parameters, wildcards, groups. */
const DYNAMIC = /[:*{}()?+]/;

/** The pattern that the router matched, prefix and version included. */
function patternOf(request: RoutedRequest): string | undefined {
  const pattern = request.routeOptions?.url ?? request.route?.path;
  return typeof pattern === 'string' ? pattern : undefined;
}

/**
 * The resource that a routed request belongs to. The registered pattern decides, since it says which handler runs; a
 * pattern with parameters could be anything, so there the request's own path decides.
 */
export function resourceOfRoute(
  request: unknown,
  resources: readonly ProtectedResource[],
): ProtectedResource | undefined {
  const pattern = patternOf(request as RoutedRequest);
  const { url = '', originalUrl = url } = rawRequestOf(request) as { url?: string; originalUrl?: string };
  const targets =
    pattern !== undefined && !DYNAMIC.test(pattern) ? [pattern] : [pattern ?? '/', url, originalUrl];
  return resources.find((resource) => targets.some((target) => liesUnder(target, resource.path)));
}
