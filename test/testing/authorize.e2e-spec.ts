import { describe, expect, it } from '@jest/globals';
import { McpAuthTester } from '../../lib/testing/index.js';
import { ADAPTERS, startApp } from '../support/app.js';

describe.each(ADAPTERS)('x on %s', (adapter) => {
  it('works', async () => {
    const server = await startApp({ adapter });
    const auth = McpAuthTester.of(server.app);
    const session = await auth.authorize({ signIn: (browser) => browser.setCookie('test_user', 'alice') });
    expect(session.scope).toBe('mcp:read mcp:write');
    await session.refresh();
    await session.revoke();
    const t = await auth.accessToken({ userId: 'bob' });
    const r = await fetch(`${server.url}/mcp/api/whoami`, { headers: { authorization: `Bearer ${t}` } });
    expect(await r.json()).toEqual({});
    await server.close();
  });
});
