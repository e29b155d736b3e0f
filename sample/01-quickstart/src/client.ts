// A small MCP client that knows nothing but a URL.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { auth, UnauthorizedError, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { serverUrl } from './server-url.js';

const url = new URL(process.argv[3] ?? `${serverUrl()}/mcp/api`);

const callback = createServer();
await new Promise<void>((resolve) => callback.listen(0, '127.0.0.1', resolve));
const redirectUrl = `http://127.0.0.1:${(callback.address() as AddressInfo).port}/callback`;
const code = new Promise<string>((resolve, reject) => {
  callback.on('request', (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', redirectUrl);
    if (pathname !== '/callback') {
      response.writeHead(404).end();
      return;
    }
    response.end('Done. You can close this window and go back to the terminal.');
    const received = searchParams.get('code');
    if (received === null)
      reject(new Error(`The server answered: ${searchParams.get('error') ?? 'nothing'}`));
    else resolve(received);
  });
});

class MemoryProvider implements OAuthClientProvider {
  readonly redirectUrl = redirectUrl;
  readonly clientMetadata = {
    client_name: 'Quickstart client',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  private client: OAuthClientInformationMixed | undefined;
  private saved: OAuthTokens | undefined;
  private verifier = '';

  clientInformation = (): OAuthClientInformationMixed | undefined => this.client;
  saveClientInformation = (client: OAuthClientInformationMixed): void => void (this.client = client);
  tokens = (): OAuthTokens | undefined => this.saved;
  saveTokens = (tokens: OAuthTokens): void => void (this.saved = tokens);
  saveCodeVerifier = (verifier: string): void => void (this.verifier = verifier);
  codeVerifier = (): string => this.verifier;
  redirectToAuthorization(authorizationUrl: URL): void {
    console.log(`\nOpen this in your browser:\n\n  ${authorizationUrl.href}\n`);
  }
}

const provider = new MemoryProvider();

async function connect(): Promise<Client> {
  const transport = new StreamableHTTPClientTransport(url, { authProvider: provider });
  const client = new Client({ name: 'quickstart-client', version: '1.0.0' });
  try {
    await client.connect(transport as Parameters<Client['connect']>[0]);
    return client;
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    await transport.finishAuth(await code);
    return connect();
  }
}

async function call(client: Client, name: string, input: Record<string, unknown> = {}): Promise<void> {
  const result = await client.callTool({ name, arguments: input });
  const [first] = result.content as { text?: string }[];
  console.log(`${name}: ${first?.text ?? ''}`);
}

const client = await connect();
const { tools } = await client.listTools();
console.log(`Tools: ${tools.map(({ name }) => name).join(', ')}`);
await call(client, 'whoami');
await call(client, 'add_note', { text: `Hello from the client at ${new Date().toISOString()}` });
await call(client, 'list_notes');
// With a refresh token at hand, the SDK refreshes.
console.log(`Refresh: ${await auth(provider, { serverUrl: url })}`);
await call(client, 'whoami');
await client.close();
callback.close();
