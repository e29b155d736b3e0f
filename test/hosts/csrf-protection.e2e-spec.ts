import { describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { isMcpAuthRequest } from '../../lib/index.js';
import { ADAPTERS, startApp } from '../support/app.js';
import { createPkce, Flow, TestBrowser } from '../support/flow.js';

const FOREIGN = { origin: 'https://inspector.example', 'sec-fetch-site': 'cross-site' };

describe.each(ADAPTERS)('Nest’s enableCsrfProtection on %s', (adapter) => {
  const start = (options?: Parameters<INestApplication['enableCsrfProtection']>[0]) =>
    startApp({ adapter, prepare: (app) => void app.enableCsrfProtection(options) });

  it('lets the consent form and browser-based clients pass as it is', async () => {
    const server = await start();
    const flow = new Flow(server.url);
    const client = await flow.register();
    const pkce = createPkce();
    const redirect = await flow.consent(new TestBrowser('alice'), flow.authorizeUrl(client, pkce), {
      headers: { origin: server.url, 'sec-fetch-site': 'same-origin' },
    });
    const code = redirect.searchParams.get('code') ?? '';
    const { status, headers, body } = await flow.redeem(client, code, pkce, {}, FOREIGN);
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    const addNote = () =>
      flow.call(body.access_token, '/mcp/api/notes', { method: 'POST', headers: { ...FOREIGN } });
    expect((await addNote()).status).toBe(403);
    await server.close();
  });

  it('keeps a foreign page away from the consent form', async () => {
    const server = await start();
    const answer = await new TestBrowser('alice').submit(
      `${server.url}/oauth/approve`,
      [['approved', 'true']],
      FOREIGN,
    );
    expect(answer.status).toBe(403);
    await server.close();
  });

  it('lets calls with an access token pass, and nothing else, when it is told about them', async () => {
    const server = await start({ exclude: isMcpAuthRequest });
    const flow = new Flow(server.url);
    const { accessToken } = await flow.tokens();
    const post = (token: string | undefined, path: string) =>
      flow.call(token, path, { method: 'POST', headers: FOREIGN });
    expect((await post(accessToken, '/mcp/api/notes')).status).toBe(201);
    expect((await post('garbage', '/mcp/api/notes')).status).toBe(401);
    expect((await post(accessToken, '/elsewhere')).status).toBe(403);
    await server.close();
  });
});
