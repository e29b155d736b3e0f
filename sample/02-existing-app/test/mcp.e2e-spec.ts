import type { NestExpressApplication } from '@nestjs/platform-express';
import { McpAuthTester, type TestBrowser } from 'nestjs-mcp-auth/testing';
import request from 'supertest';
import { TasksService } from '../src/tasks/tasks.service';
import { UsersService } from '../src/users/users.service';
import { createApp } from './support/create-app';
import { callTool, connect } from './support/mcp-client';

describe('The MCP server of the application', () => {
  let app: NestExpressApplication;
  let url: string;
  let auth: McpAuthTester;
  let alice: string;
  let bob: string;

  beforeAll(async () => {
    app = await createApp();
    await app.listen(0);
    url = `${await app.getUrl()}/api/mcp`;
    auth = McpAuthTester.of(app);
    alice = await idOf('alice@example.com');
    bob = await idOf('bob@example.com');
  });
  afterAll(() => app.close());

  const idOf = async (email: string) => (await app.get(UsersService).findByEmail(email))!.id;
  const clientOf = async (userId: string, scope?: string) =>
    connect(url, await auth.accessToken({ userId, scope }));

  it('says without a token where to get one', async () => {
    const { headers } = await request(app.getHttpServer()).post('/api/mcp').expect(401);
    expect(headers['www-authenticate']).toContain('/.well-known/oauth-protected-resource/api/mcp');
  });

  it.each(['expiredToken', 'foreignToken'] as const)('refuses an %s', async (kind) => {
    const token = await auth[kind]({ userId: alice });
    const call = request(app.getHttpServer()).post('/api/mcp').set('Authorization', `Bearer ${token}`);
    const { headers } = await call.expect(401);
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('acts for the user of the token', async () => {
    const [hers, his] = [await clientOf(alice), await clientOf(bob)];
    expect(await callTool(hers, 'whoami')).toBe('Alice');
    expect(await callTool(his, 'whoami')).toBe('Bob');

    const added = await callTool(hers, 'add_task', { title: 'Follow the rabbit' });
    const id = Number(/\d+/.exec(added)?.[0]);
    expect(await callTool(his, 'complete_task', { id })).toBe(`There is no task ${id}`);
    expect(await callTool(hers, 'complete_task', { id })).toBe(`Completed task ${id}`);
    expect(await callTool(hers, 'list_tasks')).toContain(`${id}. [x] Follow the rabbit`);
    expect(await callTool(his, 'list_tasks')).not.toContain('Follow the rabbit');
  });

  it('writes only with the scope for it', async () => {
    const client = await clientOf(bob, 'mcp:read');
    expect(await callTool(client, 'add_task', { title: 'Not mine to add' })).toBe(
      'This needs the scope mcp:write',
    );
    expect(await app.get(TasksService).list(bob)).toEqual([]);
  });

  describe('after the login of the application and consent', () => {
    const signIn = async (browser: TestBrowser, loginUrl: string) => {
      const answer = await browser.submitForm(loginUrl, {
        email: 'alice@example.com',
        password: 'wonderland',
      });
      // The login page sends the browser back to where it came from.
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toMatch(/^\/oauth\/authorize\?/);
    };

    it('takes the tokens that the client was given', async () => {
      const session = await auth.authorize({ signIn, scope: 'mcp:read mcp:write' });
      expect(session.scope).toBe('mcp:read mcp:write');
      const client = await connect(url, session.accessToken);
      expect(await callTool(client, 'whoami')).toBe('Alice');

      await session.refresh();
      expect(await callTool(await connect(url, session.accessToken), 'whoami')).toBe('Alice');

      await session.revoke();
      await expect(connect(url, session.accessToken)).rejects.toMatchObject({ code: 401 });
    });

    it('gives no more than the user ticked', async () => {
      const { scope } = await auth.authorize({ signIn, scope: 'mcp:read mcp:write', tickedScopes: [] });
      expect(scope).toBe('mcp:read');
    });

    it('gives nothing when the user says no', async () => {
      expect(await auth.authorize({ signIn, deny: true })).toMatchObject({ error: 'access_denied' });
    });

    it('refreshes no tokens of a user who is gone', async () => {
      const users = app.get(UsersService);
      const carol = await users.create('carol@example.com', 'Carol', 'lookingglass');
      const session = await auth.authorize({
        signIn: (browser) =>
          browser.post('/api/auth/login', { email: 'carol@example.com', password: 'lookingglass' }),
      });
      await users.remove(carol.id);
      await expect(session.refresh()).rejects.toMatchObject({ error: 'invalid_grant' });
    });
  });
});
