import { CookieJar } from '../../lib/testing/cookie-jar.js';
import { readForms } from '../../lib/testing/html-form.js';
import { createPkce, type Pkce } from '../../lib/testing/pkce.js';

export { createPkce };

/** Answers of a token endpoint, successful or not. */
export interface TokenAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & {
    access_token?: string;
    refresh_token?: string;
    id_token?: string;
    scope?: string;
    error?: string;
  };
}

export interface RegisteredClient {
  client_id: string;
  client_secret?: string;
  redirect_uris: string[];
}

export const REDIRECT_URI = 'http://localhost:7777/callback';

/** A browser without JavaScript: keeps cookies, follows nothing by itself. */
export class TestBrowser {
  private readonly cookies = new CookieJar();

  constructor(readonly user?: string) {
    if (user !== undefined) this.cookies.set('test_user', user);
  }

  setCookie(name: string, value: string): void {
    this.cookies.set(name, value);
  }

  get cookieHeader(): string {
    return this.cookies.header;
  }

  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: { cookie: this.cookieHeader, ...(init.headers as Record<string, string> | undefined) },
    });
    this.cookies.store(response.headers.getSetCookie());
    return response;
  }

  async submit(
    url: string,
    fields: [string, string][],
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }
}

/** The hidden fields of a page's form, in order. */
export function hiddenFields(html: string): [string, string][] {
  return readForms(html).flatMap(({ fields }) =>
    fields.filter(({ isHidden }) => isHidden).map(({ name, value }): [string, string] => [name, value]),
  );
}

/** Names of the scopes that can be ticked. */
export function optionalScopes(html: string): string[] {
  return readForms(html).flatMap(({ checkboxes }) => checkboxes.map(({ value }) => value));
}

/** Walks the flow by plain HTTP, a step at a time. */
export class Flow {
  /** @param serverUrl of the application, where the instance at `base` is one of several */
  constructor(
    readonly base: string,
    readonly serverUrl = base,
  ) {}

  async register(metadata: Record<string, unknown> = {}): Promise<RegisteredClient> {
    const response = await fetch(`${this.base}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'Test client', redirect_uris: [REDIRECT_URI], ...metadata }),
    });
    if (response.status !== 201) throw new Error(`register: ${response.status} ${await response.text()}`);
    return (await response.json()) as RegisteredClient;
  }

  authorizeUrl(
    client: RegisteredClient,
    pkce: Pkce,
    parameters: Record<string, string | undefined> = {},
  ): string {
    const all = {
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: REDIRECT_URI,
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
      state: 'a-state',
      scope: 'mcp:read mcp:write',
      resource: `${this.serverUrl}/mcp/api`,
      ...parameters,
    };
    const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return `${this.base}/oauth/authorize?${new URLSearchParams(present).toString()}`;
  }

  /** Opens the consent page and answers it. */
  async consent(
    browser: TestBrowser,
    url: string,
    answer: { approved?: boolean; scopes?: string[]; headers?: Record<string, string> } = {},
  ): Promise<URL> {
    const page = await browser.request(url);
    const html = await page.text();
    if (page.status !== 200)
      throw new Error(`authorize: ${page.status} ${page.headers.get('location') ?? html}`);
    const fields = hiddenFields(html);
    for (const scope of answer.scopes ?? optionalScopes(html)) fields.push(['scopes[]', scope]);
    fields.push(['approved', String(answer.approved ?? true)]);
    const response = await browser.submit(`${this.base}/oauth/approve`, fields, answer.headers);
    const location = response.headers.get('location');
    if (response.status !== 303 || location === null) {
      throw new Error(`approve: ${response.status} ${await response.text()}`);
    }
    return new URL(location);
  }

  async token(
    parameters: Record<string, string | undefined>,
    headers: Record<string, string> = {},
    path = '/oauth/token',
  ): Promise<TokenAnswer> {
    const present = Object.entries(parameters).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const response = await fetch(`${this.base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(present).toString(),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as TokenAnswer['body'],
    };
  }

  redeem(
    client: RegisteredClient,
    code: string,
    pkce: Pkce,
    more: Record<string, string | undefined> = {},
    headers: Record<string, string> = {},
  ): Promise<TokenAnswer> {
    return this.token(
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        code_verifier: pkce.verifier,
        client_id: client.client_id,
        client_secret: client.client_secret,
        ...more,
      },
      headers,
    );
  }

  refresh(
    client: RegisteredClient,
    refreshToken: string,
    more: Record<string, string | undefined> = {},
  ): Promise<TokenAnswer> {
    return this.token({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: client.client_id,
      client_secret: client.client_secret,
      ...more,
    });
  }

  /** From registration to a code. */
  async code(
    user = 'alice',
    parameters: Record<string, string | undefined> = {},
    client?: RegisteredClient,
  ): Promise<{ client: RegisteredClient; pkce: Pkce; code: string; browser: TestBrowser }> {
    const known = client ?? (await this.register());
    const pkce = createPkce();
    const browser = new TestBrowser(user);
    const redirect = await this.consent(browser, this.authorizeUrl(known, pkce, parameters));
    const code = redirect.searchParams.get('code');
    if (code === null) throw new Error(`no code: ${redirect.href}`);
    return { client: known, pkce, code, browser };
  }

  /** From registration to tokens. */
  async tokens(
    user = 'alice',
    parameters: Record<string, string | undefined> = {},
    client?: RegisteredClient,
  ): Promise<{ client: RegisteredClient; accessToken: string; refreshToken: string; answer: TokenAnswer }> {
    const step = await this.code(user, parameters, client);
    const answer = await this.redeem(step.client, step.code, step.pkce);
    if (answer.status !== 200) throw new Error(`token: ${answer.status} ${JSON.stringify(answer.body)}`);
    return {
      client: step.client,
      accessToken: String(answer.body.access_token),
      refreshToken: String(answer.body.refresh_token),
      answer,
    };
  }

  call(accessToken: string | undefined, path = '/mcp/api/whoami', init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.base}${path}`, {
      ...init,
      headers: {
        ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
  }
}
