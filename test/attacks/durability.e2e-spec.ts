import { describe, expect, it } from '@jest/globals';
import { createPkce, Flow, TestBrowser } from '../support/flow.js';
import { emptyFolder, signIn, startQuickstart } from '../support/quickstart.js';

describe('a server that is killed', () => {
  it('has kept what it answered with 200: a grant goes on, a revocation holds, a spent code is spent', async () => {
    const folder = await emptyFolder();
    const first = await startQuickstart(folder.path);
    const flow = new Flow(first.url);
    const scope = 'mcp:read mcp:write';
    const grant = async () => {
      const client = await flow.register();
      const pkce = createPkce();
      const browser = new TestBrowser();
      const back = await signIn(browser, flow.authorizeUrl(client, pkce, { scope }));
      const code = (await flow.consent(browser, back)).searchParams.get('code') ?? '';
      return { client, pkce, code, tokens: (await flow.redeem(client, code, pkce)).body };
    };
    const [alive, revoked] = [await grant(), await grant()];
    const { body: refreshed } = await flow.refresh(alive.client, String(alive.tokens.refresh_token));
    const form = { token: revoked.tokens.refresh_token, client_id: revoked.client.client_id };
    expect((await flow.token(form, {}, '/oauth/revoke')).status).toBe(200);
    await first.kill();

    const second = await startQuickstart(folder.path, { PORT: new URL(first.url).port });
    expect((await flow.call(revoked.tokens.access_token, '/mcp/api')).status).toBe(401);
    expect((await flow.refresh(revoked.client, String(revoked.tokens.refresh_token))).body.error).toBe(
      'invalid_grant',
    );
    const next = await flow.refresh(alive.client, String(refreshed.refresh_token));
    expect(next.status).toBe(200);
    expect((await flow.call(next.body.access_token, '/mcp/api')).status).not.toBe(401);
    expect((await flow.redeem(alive.client, alive.code, alive.pkce)).body.error).toBe('invalid_grant');
    expect((await flow.call(next.body.access_token, '/mcp/api')).status).toBe(401);
    await second.stop();
    await folder.remove();
  }, 400_000);
});
