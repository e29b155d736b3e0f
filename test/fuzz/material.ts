import { randomBytes } from 'node:crypto';
import { SECRET } from '../support/app.js';
import {
  createPkce,
  Flow,
  hiddenFields,
  REDIRECT_URI,
  TestBrowser,
  type RegisteredClient,
} from '../support/flow.js';

/** Never to be seen outside of `fetchUserData`. */
export const API_KEY_SECRET = `api-key-${randomBytes(16).toString('hex')}`;

/** Real values for placeholders such as `{{code}}`, so that generated requests get past the first check. */
export type Material = Record<string, string>;

/** Must never come back in HTML as it is. */
export const MARKUP = '<svg/onload=fuzz()>';

/** Values that nobody but their holder may learn from an answer. */
export const SECRET_NAMES = [
  'code',
  'verifier',
  'refresh',
  'access',
  'idToken',
  'secret',
  'secretCode',
  'secretVerifier',
  'ticket',
];

export interface Clients {
  open: RegisteredClient;
  confidential: RegisteredClient;
}

export async function registerClients(flow: Flow): Promise<Clients> {
  return {
    open: await flow.register({ client_name: `Fuzz ${MARKUP}` }),
    confidential: await flow.register({ token_endpoint_auth_method: 'client_secret_basic' }),
  };
}

/** A grant of each kind, fresh: a code of either client, tokens, and a consent page that waits for its answer. */
export async function freshMaterial(flow: Flow, { open, confidential }: Clients): Promise<Material> {
  const scope = 'openid email mcp:read mcp:write';
  const [ofOpen, ofConfidential, tokens] = await Promise.all([
    flow.code('alice', { scope }, open),
    flow.code('alice', { scope }, confidential),
    flow.tokens('alice', { scope }, open),
  ]);
  const browser = new TestBrowser('alice');
  const page = await browser.request(flow.authorizeUrl(open, createPkce(), { scope }));
  const ticket = hiddenFields(await page.text()).find(([name]) => name === 'consent_ticket')?.[1];
  return {
    base: flow.base,
    redirect: REDIRECT_URI,
    resource: `${flow.base}/mcp/api`,
    client: open.client_id,
    confidential: confidential.client_id,
    secret: String(confidential.client_secret),
    basic: Buffer.from(`${confidential.client_id}:${confidential.client_secret}`).toString('base64'),
    code: ofOpen.code,
    verifier: ofOpen.pkce.verifier,
    challenge: createPkce().challenge,
    secretCode: ofConfidential.code,
    secretVerifier: ofConfidential.pkce.verifier,
    access: tokens.accessToken,
    refresh: tokens.refreshToken,
    idToken: String(tokens.answer.body.id_token),
    ticket: String(ticket),
    cookie: browser.cookieHeader,
  };
}

/** Puts real values where placeholders are. */
export function filled(text: string, material: Material): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => material[name] ?? whole);
}

/** What no answer may ever hold, whatever was asked. */
export function serverSecrets(signingKey: string): string[] {
  return [SECRET, API_KEY_SECRET, signingKey];
}
