import { createHash, randomBytes } from 'node:crypto';
import { Agent, type Answer } from './agent.js';

const REDIRECT_URI = 'http://127.0.0.1:7777/callback';

export interface Code {
  clientId: string;
  code: string;
  verifier: string;
  /** Which instance answered each step. */
  servedBy: (string | null)[];
}

function fieldsOf(page: string): Record<string, string> {
  const fields = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  const unescape = (text: string): string =>
    text
      .replace(/&#x?([0-9A-Fa-f]+);/g, (entity, digits: string) =>
        String.fromCharCode(parseInt(digits, entity.includes('x') ? 16 : 10)),
      )
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');
  return Object.fromEntries([...fields].map(([, name, value]) => [name, unescape(value ?? '')]));
}

/** Registers a client, signs alice in and lets her consent. */
export async function authorize(url: string): Promise<Code> {
  const [browser, client] = [new Agent(url), new Agent(url)];
  const registered = await client.postJson('/oauth/register', {
    client_name: 'Test',
    redirect_uris: [REDIRECT_URI],
    token_endpoint_auth_method: 'none',
  });
  const clientId = String(registered.json.client_id);
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    scope: 'mcp:read mcp:write',
    state: 'abc',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const asked = await browser.get(`/oauth/authorize?${query}`);
  const returnTo = new URL(asked.location, url).searchParams.get('returnTo') ?? '';
  const signedIn = await browser.post('/login', { username: 'alice', password: 'wonderland', returnTo });
  const consent = await browser.get(signedIn.location);
  const { ...fields } = fieldsOf(consent.text);
  delete fields['scopes[]'];
  const approved = await browser.post('/oauth/approve', { ...fields, approved: 'true' });
  const code = new URL(approved.location).searchParams.get('code');
  if (code === null) throw new Error(`No code, but ${approved.status} ${approved.location}`);
  return {
    clientId,
    code,
    verifier,
    servedBy: [registered, asked, signedIn, consent, approved].map((answer) => answer.servedBy),
  };
}

export function redeem(url: string, { clientId, code, verifier }: Code): Promise<Answer> {
  return new Agent(url).post('/oauth/token', {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
  });
}

export function refresh(url: string, clientId: string, refreshToken: unknown): Promise<Answer> {
  return new Agent(url).post('/oauth/token', {
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: String(refreshToken),
  });
}

/** Calls a tool by plain JSON-RPC, as the stateless transport takes it. */
export function callTool(
  url: string,
  accessToken: unknown,
  name: string,
  input: object = {},
): Promise<Answer> {
  return new Agent(url).postJson(
    '/mcp/api',
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } },
    { authorization: `Bearer ${String(accessToken)}` },
  );
}
