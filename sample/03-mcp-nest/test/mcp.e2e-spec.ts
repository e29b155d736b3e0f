import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { McpAuthTester, type TestBrowser } from 'nestjs-mcp-auth/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../src/create-app.js';

describe('An MCP server of mcp-nest behind McpAuthGuard', () => {
  let app: NestExpressApplication;
  let auth: McpAuthTester;
  let url: URL;

  beforeAll(async () => {
    app = await createApp();
    await app.listen(0);
    auth = McpAuthTester.of(app);
    url = new URL('/mcp', await app.getUrl());
  });
  afterAll(() => app.close());

  async function connect(accessToken?: string): Promise<Client> {
    const client = new Client({ name: 'test', version: '1.0.0' });
    const headers = accessToken === undefined ? undefined : { Authorization: `Bearer ${accessToken}` };
    const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
    await client.connect(transport as Parameters<Client['connect']>[0]);
    return client;
  }
  const clientOf = async (userId: string, scope?: string) =>
    connect(await auth.accessToken({ userId, scope }));

  async function call(client: Client, name: string, input: Record<string, unknown> = {}): Promise<string> {
    const { content } = await client.callTool({ name, arguments: input });
    return (content as { text: string }[]).map(({ text }) => text).join('\n');
  }

  it('lets nobody in without a good token', async () => {
    await expect(connect()).rejects.toMatchObject({ code: 401 });
    await expect(connect(await auth.expiredToken({ userId: 'alice' }))).rejects.toMatchObject({ code: 401 });
    await expect(connect(await auth.foreignToken({ userId: 'alice' }))).rejects.toMatchObject({ code: 401 });
  });

  it('says where to get one', async () => {
    const { headers } = await fetch(url, { method: 'POST' });
    expect(headers.get('www-authenticate')).toBe(
      'Bearer scope="mcp:read mcp:write", resource_metadata="http://localhost:3000/.well-known/oauth-protected-resource/mcp"',
    );
  });

  it('has tools that know who is calling', async () => {
    expect(await call(await clientOf('alice'), 'whoami')).toBe(
      'Alice <alice@example.com>, with mcp:read mcp:write',
    );
    expect(await call(await clientOf('bob', 'mcp:read'), 'whoami')).toBe(
      'Bob <bob@example.com>, with mcp:read',
    );
  });

  it('keeps what belongs to one from the other', async () => {
    const [alice, bob] = [await clientOf('alice'), await clientOf('bob')];
    expect(await call(alice, 'add_bookmark', { url: 'https://rabbit.example/' })).toBe('Added');
    expect(await call(alice, 'list_bookmarks')).toBe('https://rabbit.example/');
    expect(await call(bob, 'list_bookmarks')).toBe('No bookmarks yet');
  });

  it('shows a tool only to clients that have its scope', async () => {
    const names = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name).sort();
    expect(await names(await clientOf('bob'))).toEqual(['add_bookmark', 'list_bookmarks', 'whoami']);
    expect(await names(await clientOf('bob', 'mcp:read'))).toEqual(['list_bookmarks', 'whoami']);
  });

  it('answers a call without the scope with what a client needs to ask for it', async () => {
    const token = await auth.accessToken({ userId: 'bob', scope: 'mcp:read' });
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'add_bookmark', arguments: { url: 'https://rabbit.example/' } },
      }),
    });
    expect(answer.status).toBe(403);
    const challenge = answer.headers.get('www-authenticate');
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toContain('scope="mcp:write"');
    expect(challenge).toContain(
      'resource_metadata="http://localhost:3000/.well-known/oauth-protected-resource/mcp"',
    );
    expect(await call(await clientOf('bob'), 'list_bookmarks')).toBe('No bookmarks yet');
  });

  it('takes the tokens of whoever signs in and consents', async () => {
    const signIn = async (browser: TestBrowser, loginUrl: string) => {
      const answer = await browser.submitForm(loginUrl, { username: 'alice', password: 'wonderland' });
      expect(answer.headers.get('location')).toMatch(/^\/oauth\/authorize\?/);
    };
    const session = await auth.authorize({ signIn, scope: 'mcp:read' });
    expect(await call(await connect(session.accessToken), 'whoami')).toBe(
      'Alice <alice@example.com>, with mcp:read',
    );
  });
});
