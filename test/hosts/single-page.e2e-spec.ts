import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isMcpAuthRequest } from '../../lib/index.js';
import { ADAPTERS, startApp } from '../support/app.js';
import { Flow } from '../support/flow.js';

/** Answers every GET with the application's page, as middleware in front of a single page application does. */
function serveSinglePage(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (request.method !== 'GET' || isMcpAuthRequest(request)) {
    next();
    return;
  }
  response.setHeader('content-type', 'text/html');
  response.end('<h1>Page</h1>');
}

describe.each(ADAPTERS)('a single page application on %s that asks whose request it is', (adapter) => {
  it('answers everything but the module’s requests and the calls of its clients', async () => {
    const server = await startApp({ adapter, prepare: (app) => void app.use(serveSinglePage) });
    const flow = new Flow(server.url);
    const typeOf = async (path: string, token?: string) => {
      const { status, headers } = await flow.call(token, path);
      return [status, headers.get('content-type')?.split(';')[0]];
    };
    for (const path of [
      '/.well-known/oauth-protected-resource',
      '/.well-known/oauth-protected-resource/mcp/api',
      '/.well-known/oauth-authorization-server',
    ]) {
      expect(await typeOf(path)).toEqual([200, 'application/json']);
    }
    expect(await typeOf('/mcp/api/whoami')).toEqual([401, 'application/json']);
    const { accessToken } = await flow.tokens();
    expect(await typeOf('/mcp/api/whoami', accessToken)).toEqual([200, 'application/json']);
    for (const path of ['/', '/some/page', '/oauth/other', '/.well-known/other']) {
      expect(await typeOf(path, accessToken)).toEqual([200, 'text/html']);
    }
    await server.close();
  });
});
