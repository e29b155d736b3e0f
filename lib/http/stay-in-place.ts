import { RequestMethod } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';
import { McpAuthConfigurationError } from '../config/configuration.error.js';
import { EndpointPaths } from './endpoint-paths.js';
import type { RouteInspector } from './route-inspector.js';

/**
 * Keeps our paths where they are advertised, whatever global prefix the application sets. Call in a constructor: later,
 * middleware that the application applies to all routes would be mounted under the prefix only, and a session would be
 * missing where we ask who is signed in. main.ts comes after that and replaces the options, so they are completed where
 * they are read.
 */
export function keepInPlace(applicationConfig: ApplicationConfig, paths: EndpointPaths): void {
  const own = paths.patterns.map(({ path, regex }) => ({
    path,
    requestMethod: RequestMethod.ALL,
    pathRegex: regex,
  }));
  const read = applicationConfig.getGlobalPrefixOptions.bind(applicationConfig);
  applicationConfig.getGlobalPrefixOptions = () => {
    const options = read();
    if (!applicationConfig.getGlobalPrefix()) return options;
    return { ...options, exclude: [...(options.exclude ?? []), ...own] };
  };
}

/**
 * Checks at start that what is advertised is what is mounted.
 *
 * @throws {McpAuthConfigurationError} naming the path
 */
export function assertMounted(routes: RouteInspector, paths: readonly string[]): void {
  const mounted = new Set(routes.routes().map(({ pattern }) => pattern));
  const missing = paths.filter((path) => !mounted.has(path));
  if (missing.length === 0) return;
  throw new McpAuthConfigurationError(
    missing.map(
      (path) =>
        `${path} is advertised but no such route is mounted: a prefix or version was put before it; ` +
        "exclude it from the application's setGlobalPrefix or RouterModule, or pass routePrefix",
    ),
  );
}
