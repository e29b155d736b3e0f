import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Param, Version, VersioningType } from '@nestjs/common';
import { ADAPTERS, startApp } from '../support/app.js';
import { Flow } from '../support/flow.js';
import { rawRequest, statusOf } from '../support/raw-request.js';

@Controller('mcp/api')
class VersionedController {
  @Get('plain')
  plain(): string {
    return 'leaked by the plain route';
  }

  @Get('second')
  @Version('2')
  second(): string {
    return 'leaked by the second version';
  }
}

@Controller(':tenant/api')
class TenantController {
  @Get('notes/:id')
  notes(@Param('tenant') tenant: string): string {
    return `leaked by ${tenant}`;
  }
}

describe.each(ADAPTERS)('a protected route on %s', (adapter) => {
  it('needs a token under every version and prefix', async () => {
    const server = await startApp({
      adapter,
      controllers: [VersionedController, TenantController],
      options: { mcpServerPath: '/outer/v1/mcp/api' },
      prepare: (app) => {
        app.setGlobalPrefix('outer');
        app.enableVersioning({ type: VersioningType.URI, defaultVersion: ['1', '2'] });
      },
    });
    const flow = new Flow(server.url);
    const resource = `${server.url}/outer/v1/mcp/api`;
    const { accessToken } = await flow.tokens('alice', { resource });
    for (const path of [
      '/outer/v1/mcp/api/plain',
      '/outer/v1/mcp/api/notes/1',
      '/OUTER/V1/mcp/API/plain',
      '/outer/v1/mcp%2fapi/plain',
      '/outer//v1/mcp/api/plain',
      '/outer/v2/../v1/mcp/api/plain',
    ]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) {
        const answer = await rawRequest(server.url, method, path);
        expect([method, path, statusOf(answer)]).toEqual([method, path, 401]);
        expect(answer).not.toContain('leaked');
      }
    }
    expect(await (await flow.call(accessToken, '/outer/v1/mcp/api/plain')).text()).toContain('plain route');
    // The same handlers under another version are another path: the application says which one is protected.
    expect((await flow.call(undefined, '/outer/v2/mcp/api/second')).status).toBe(200);
    await server.close();
  });

  it('needs a token when only a parameter of its pattern leads there', async () => {
    const server = await startApp({ adapter, controllers: [TenantController] });
    const flow = new Flow(server.url);
    for (const path of ['/mcp/api/notes/1', '/MCP/api/notes/1', '/%6dcp/api/notes/1', '/mcp;x/api/notes/1']) {
      const answer = await rawRequest(server.url, 'GET', path);
      expect([path, statusOf(answer)]).toEqual([path, 401]);
      expect(answer).not.toContain('leaked');
    }
    expect(await (await flow.call(undefined, '/other/api/notes/1')).text()).toBe('leaked by other');
    await server.close();
  });
});
