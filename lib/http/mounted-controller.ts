import { Controller, VERSION_NEUTRAL, type Type } from '@nestjs/common';

/** What @nestjs/swagger's `@ApiExcludeController()` writes: these routes are no part of the application's own API. */
const EXCLUDED_FROM_OPENAPI = ['swagger/apiExcludeController', [true]] as const;

/**
 * A fresh controller class with the routes of `base` under `prefix`. A subclass, so that two modules in one process may
 * differ and nobody's metadata is changed; version-neutral, so that URI versioning leaves it in place.
 *
 * @param decorators of the application, such as the "public" decorator that its own global guard looks for
 */
export function mountController(base: Type, prefix: string, decorators: readonly ClassDecorator[]): Type {
  const mounted = { [base.name]: class extends base {} }[base.name] as Type;
  Controller({ path: prefix, version: VERSION_NEUTRAL })(mounted);
  Reflect.defineMetadata(...EXCLUDED_FROM_OPENAPI, mounted);
  for (const decorate of decorators) decorate(mounted);
  return mounted;
}
