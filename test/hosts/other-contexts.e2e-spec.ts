import { describe, expect, it } from '@jest/globals';
import { Injectable, UseGuards } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { McpAuthGuard } from '../../lib/index.js';
import { startApp } from '../support/app.js';
import { LogRecorder } from '../support/recorder.js';

/** What @nestjs/graphql makes of a resolver, @nestjs/microservices and @nestjs/websockets of their handlers. */
@Injectable()
class Resolver {
  open(): string {
    return 'open';
  }

  @UseGuards(McpAuthGuard)
  guarded(): string {
    return 'guarded';
  }
}

describe('a handler that is not called by HTTP', () => {
  it('is left alone by the global guard, and refused where McpAuthGuard stands, since nothing could be verified', async () => {
    const nestLogger = new LogRecorder();
    const server = await startApp({ providers: [Resolver], nestLogger });
    const resolver = server.app.get(Resolver);
    const callable = (name: 'open' | 'guarded'): (() => Promise<unknown>) =>
      server.app
        .get(ExternalContextCreator, { strict: false })
        .create(
          resolver,
          resolver[name],
          name,
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          'graphql',
        );
    expect(await callable('open')()).toBe('open');
    await expect(callable('guarded')()).rejects.toThrow('Forbidden resource');
    expect(nestLogger.lines.join('\n')).toContain(
      'McpAuthGuard refused Resolver.guarded: it is called by graphql',
    );
    await server.close();
  });
});
