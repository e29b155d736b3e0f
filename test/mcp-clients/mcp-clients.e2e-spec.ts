import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  auth as authV2,
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
  UnauthorizedError as UnauthorizedErrorV2,
  type OAuthClientProvider as ProviderV2,
} from '@modelcontextprotocol/client';
import {
  auth as authV1,
  UnauthorizedError as UnauthorizedErrorV1,
  type OAuthClientProvider as ProviderV1,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { TypeOrmModule } from '@nestjs/typeorm';
import { McpController } from '../../sample/01-quickstart/src/mcp/mcp.controller.js';
import { CreateNotes1764000000001 } from '../../sample/01-quickstart/src/notes/create-notes.migration.js';
import { Note } from '../../sample/01-quickstart/src/notes/note.entity.js';
import { NotesService } from '../../sample/01-quickstart/src/notes/notes.service.js';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { Flow, REDIRECT_URI, TestBrowser } from '../support/flow.js';

interface Tokens {
  access_token: string;
  refresh_token?: string;
  token_type: string;
}

/** What an MCP client has to bring: a place for what it is given, and a way to open a browser. */
class MemoryProvider {
  readonly redirectUrl = REDIRECT_URI;
  readonly clientMetadata = {
    client_name: 'A real client',
    redirect_uris: [REDIRECT_URI],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  authorizationUrl: URL | undefined;
  saved: Tokens | undefined;
  registered: { client_id: string } | undefined;
  private verifier = '';
  private discovered: unknown;

  readonly clientInformation = (): { client_id: string } | undefined => this.registered;
  readonly saveClientInformation = (client: { client_id: string }): void => void (this.registered = client);
  readonly tokens = (): Tokens | undefined => this.saved;
  readonly saveTokens = (tokens: Tokens): void => void (this.saved = tokens);
  readonly saveCodeVerifier = (verifier: string): void => void (this.verifier = verifier);
  readonly codeVerifier = (): string => this.verifier;
  readonly saveDiscoveryState = (state: unknown): void => void (this.discovered = state);
  readonly discoveryState = (): unknown => this.discovered;
  readonly redirectToAuthorization = (url: URL): void => void (this.authorizationUrl = url);
}

/** One way of being an MCP client: only the URL is known to it. */
interface ClientKind {
  name: string;
  /** Connects, or says that the user has to be asked. */
  connect(url: URL, provider: MemoryProvider): Promise<ConnectedClient | FinishAuthorization>;
  refresh(url: URL, provider: MemoryProvider): Promise<string>;
}
type FinishAuthorization = (callback: URLSearchParams) => Promise<void>;
interface ConnectedClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: { name: string; arguments?: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

const CLIENTS: ClientKind[] = [
  {
    name: '@modelcontextprotocol/sdk (v1)',
    async connect(url, provider) {
      const transport = new TransportV1(url, { authProvider: provider as ProviderV1 });
      const client = new ClientV1({ name: 'test', version: '1.0.0' });
      try {
        await client.connect(transport as Parameters<ClientV1['connect']>[0]);
        return client as ConnectedClient;
      } catch (error) {
        if (!(error instanceof UnauthorizedErrorV1)) throw error;
        return (callback) => transport.finishAuth(callback.get('code') ?? '');
      }
    },
    refresh: (serverUrl, provider) => authV1(provider as ProviderV1, { serverUrl }),
  },
  {
    name: '@modelcontextprotocol/client (v2)',
    async connect(url, provider) {
      const transport = new TransportV2(url, { authProvider: provider as ProviderV2 });
      const client = new ClientV2({ name: 'test', version: '1.0.0' });
      try {
        await client.connect(transport);
        return client as ConnectedClient;
      } catch (error) {
        if (!(error instanceof UnauthorizedErrorV2)) throw error;
        return (callback) => transport.finishAuth(callback);
      }
    },
    refresh: (serverUrl, provider) => authV2(provider as ProviderV2, { serverUrl }),
  },
];

const hosts = ADAPTERS.flatMap((adapter) =>
  testDatabases().map((database) => ({ name: `${adapter} and ${database.name}`, adapter, database })),
);

describe.each(hosts)('on $name', ({ adapter, database }) => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startApp({
      adapter,
      database,
      imports: [TypeOrmModule.forFeature([Note])],
      controllers: [McpController],
      providers: [NotesService],
      migrations: [CreateNotes1764000000001],
    });
  });
  afterAll(() => server.close());

  describe.each(CLIENTS)('$name', (kind) => {
    async function connected(url: URL, provider: MemoryProvider): Promise<ConnectedClient> {
      const client = await kind.connect(url, provider);
      if (typeof client === 'function') throw new Error('The client is still not let in');
      return client;
    }

    async function callTool(
      client: ConnectedClient,
      name: string,
      input: Record<string, unknown> = {},
    ): Promise<string> {
      const result = (await client.callTool({ name, arguments: input })) as { content: { text: string }[] };
      return result.content[0]?.text ?? '';
    }

    it('gets from a URL to a tool call as the user who consented, refreshes, and outlives its access token', async () => {
      const url = new URL(`${server.url}/mcp/api`);
      const provider = new MemoryProvider();

      const finishAuthorization = await kind.connect(url, provider);
      if (typeof finishAuthorization !== 'function') throw new Error('It was let in without authorization');
      expect(provider.registered?.client_id).toBeDefined();
      const callback = await new Flow(server.url).consent(
        new TestBrowser('alice'),
        provider.authorizationUrl?.href ?? '',
      );
      await finishAuthorization(callback.searchParams);

      const client = await connected(url, provider);
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
        'whoami',
        'list_notes',
        'add_note',
      ]);
      expect(await callTool(client, 'whoami')).toBe('Alice');
      const note = `a note by ${kind.name}`;
      expect(await callTool(client, 'add_note', { text: note })).toBe('Added');
      expect(await callTool(client, 'list_notes')).toContain(note);

      const before = provider.saved?.access_token;
      expect(await kind.refresh(url, provider)).toBe('AUTHORIZED');
      expect(provider.saved?.access_token).not.toBe(before);
      expect(await callTool(client, 'whoami')).toBe('Alice');

      // An access token that is not accepted any more: the client refreshes by itself.
      provider.saved = { ...provider.saved!, access_token: `${provider.saved!.access_token}x` };
      expect(await callTool(client, 'whoami')).toBe('Alice');
      await client.close();
    });
  });
});
