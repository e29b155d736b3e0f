import type { HttpAdapterHost } from '@nestjs/core';

/**
 * Calls back with the HTTP adapter as early as it exists: at once under NestFactory, on `createNestApplication()` with a
 * TestingModule, never in a standalone application context, which serves nothing.
 */
export function whenAdapterReady(
  host: HttpAdapterHost,
  callback: (adapter: NonNullable<HttpAdapterHost['httpAdapter']>) => void,
): void {
  if (host.httpAdapter) {
    callback(host.httpAdapter);
    return;
  }
  // Before @nestjs/core 11.1.4 there is no init$.
  const { init$ } = host as { init$?: HttpAdapterHost['init$'] };
  if (init$) {
    init$.subscribe(() => {
      // A standalone context announces that it has none.
      if (host.httpAdapter) callback(host.httpAdapter);
    });
    return;
  }
  let current: HttpAdapterHost['httpAdapter'] | undefined;
  Object.defineProperty(host, 'httpAdapter', {
    configurable: true,
    get: () => current,
    set: (adapter: NonNullable<HttpAdapterHost['httpAdapter']> | null) => {
      if (!adapter) return;
      current = adapter;
      callback(adapter);
    },
  });
}
