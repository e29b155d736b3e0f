import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { RouteInspector, type RegisteredRoute } from '../http/route-inspector.js';
import { isPublic } from './mcp-public.decorator.js';
import { isPlainPath } from './resource-path.js';

const PATH_METADATA = 'path';
/** Segments of a pattern that the gate can compare by itself: literal, or one parameter. */
const SIMPLE_PATTERN = /^(?:\/(?:[\w\-.~]+|:\w+))+\/?$/;

/**
 * Routes marked `@McpPublic()`, which the gate lets pass without a token. Only a path with a single reading counts, and
 * the guard decides once more about the handler that was really reached.
 */
@Injectable()
export class PublicRoutes implements OnApplicationBootstrap {
  private readonly scanner = new MetadataScanner();
  private patterns: RegisteredRoute[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly routes: RouteInspector,
  ) {}

  onApplicationBootstrap(): void {
    const suffixes = this.publicSuffixes();
    if (suffixes.length === 0) return;
    this.patterns = this.routes
      .routes()
      .filter(({ pattern }) => SIMPLE_PATTERN.test(pattern))
      // What stands before the controller's own path is a global prefix or a version.
      .filter(({ pattern }) => suffixes.some((suffix) => pattern.endsWith(suffix)));
  }

  includes(method: string, path: string): boolean {
    if (this.patterns.length === 0 || !isPlainPath(path)) return false;
    const wanted = method === 'HEAD' ? 'GET' : method;
    const segments = path.split('/');
    return this.patterns.some(
      (route) =>
        (route.method === 'ALL' || route.method === wanted) && matches(route.pattern.split('/'), segments),
    );
  }

  private publicSuffixes(): string[] {
    return this.discovery.getControllers().flatMap(({ metatype }) => {
      const prototype = metatype?.prototype as object | undefined;
      if (!metatype || !prototype) return [];
      const controllerPaths = pathsOf(metatype);
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler: unknown = Reflect.get(prototype, name);
        if (typeof handler !== 'function' || !isPublic(handler, metatype)) return [];
        return controllerPaths.flatMap((start) => pathsOf(handler).map((end) => joined(start, end)));
      });
    });
  }
}

function pathsOf(target: object): string[] {
  const path: unknown = Reflect.getMetadata(PATH_METADATA, target);
  return [path ?? ''].flat().filter((item) => typeof item === 'string');
}

function joined(...parts: string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')}`;
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]))
  );
}
