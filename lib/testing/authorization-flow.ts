import { randomBytes } from 'node:crypto';
import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import type { TokenResponse } from '../token/token-response.js';
import { AuthorizationFlowError } from './authorization-flow.error.js';
import { readAuthorizationResponse, type AuthorizationRefusal } from './authorization-response.js';
import { answerConsent } from './consent-page.js';
import type { OAuthEndpoints } from './oauth-endpoints.js';
import { createPkce } from './pkce.js';
import { DEFAULT_REDIRECT_URI } from './redirect-uri.js';
import type { TestBrowser } from './test-browser.js';
import type { TestClient } from './test-client.js';

/** How a test authorizes a client. */
export interface AuthorizeOptions {
  /**
   * Signs in at the application, in this browser. Called when the application sends the browser to its login; afterwards
   * the browser goes back to the authorization endpoint by itself. Needed unless somebody is signed in all the time.
   *
   * @param browser keeps the cookies
   * @param loginUrl what `loginUrl` of the application's options answered
   */
  signIn?: (browser: TestBrowser, loginUrl: string) => unknown;
  /** Space-separated. Default: none, so that the server decides. */
  scope?: string;
  /** URL of the protected resource. Default: the application's default one. */
  resource?: string;
  /** Default: the client's first one. */
  redirectUri?: string;
  /** The user says no. Default: false. */
  deny?: boolean;
  /** Scopes that the user leaves ticked on the consent page. Default: all. */
  tickedScopes?: string[];
  /** Metadata to register the client with (RFC 7591). Default: a name and a redirect URI. */
  clientMetadata?: Record<string, unknown>;
  /** A client that exists, instead of registering one: `session.client`, or one of the application's `clients`. */
  client?: TestClient;
}

/** How a flow ended. */
export type FlowOutcome = { client: TestClient; result: TokenResponse | AuthorizationRefusal };

/** Walks from registration to tokens, as a client and its user's browser do. */
export class AuthorizationFlow {
  constructor(
    private readonly browser: TestBrowser,
    private readonly endpoints: OAuthEndpoints,
    private readonly config: Pick<McpAuthConfig, 'resources'>,
    private readonly options: AuthorizeOptions,
  ) {}

  /** @throws {AuthorizationFlowError} */
  async run(): Promise<FlowOutcome> {
    const { options, endpoints } = this;
    const client = options.client ?? (await this.register());
    const redirectUri = options.redirectUri ?? client.redirect_uris?.[0] ?? DEFAULT_REDIRECT_URI;
    const resource = options.resource ?? this.config.resources[0].url;
    const state = randomBytes(16).toString('base64url');
    const pkce = createPkce();
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: redirectUri,
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
      state,
      resource,
      ...(options.scope !== undefined && { scope: options.scope }),
    });
    const { authorization_endpoint: endpoint, issuer } = endpoints.metadata;
    const authorizationUrl = `${endpoint}${endpoint.includes('?') ? '&' : '?'}${query.toString()}`;

    const page = await this.consentPage(authorizationUrl, redirectUri);
    const location = await this.answer(page, authorizationUrl, redirectUri);
    const response = readAuthorizationResponse(location, { state, issuer });
    if ('error' in response) return { client, result: this.refusal(response, location) };
    if (options.deny) {
      throw new AuthorizationFlowError('consent', 'the user said no, but a code was issued');
    }
    const result = await endpoints.token(
      client,
      {
        grant_type: 'authorization_code',
        code: response.code,
        redirect_uri: redirectUri,
        code_verifier: pkce.verifier,
        resource,
      },
      'token',
    );
    return { client, result };
  }

  private register(): Promise<TestClient> {
    const { clientMetadata, redirectUri = DEFAULT_REDIRECT_URI } = this.options;
    return this.endpoints.register({
      client_name: 'Test client',
      redirect_uris: [redirectUri],
      ...clientMetadata,
    });
  }

  private refusal(refusal: AuthorizationRefusal, location: string): AuthorizationRefusal {
    if (this.options.deny) return refusal;
    const { error } = refusal;
    throw new AuthorizationFlowError('consent', `the client was refused: ${error}`, {
      body: location,
      error,
    });
  }

  /** Opens the consent page, over the application's login where it asks for one. */
  private async consentPage(authorizationUrl: string, redirectUri: string): Promise<string> {
    const first = await this.browser.get(authorizationUrl);
    const loginUrl = this.loginUrlOf(first, redirectUri);
    if (loginUrl === undefined) return this.pageOf(first);
    const { signIn } = this.options;
    if (!signIn) {
      throw new AuthorizationFlowError(
        'login',
        `the application asks for a login at ${loginUrl}: give signIn`,
      );
    }
    await signIn(this.browser, loginUrl);
    const second = await this.browser.get(authorizationUrl);
    if (this.loginUrlOf(second, redirectUri) !== undefined) {
      const problem = 'the application asks for a login again after signIn(): currentUser saw nobody';
      throw new AuthorizationFlowError('login', problem, {
        status: second.status,
        body: second.headers.get('location') ?? '',
      });
    }
    return this.pageOf(second);
  }

  /** Where the browser is sent to log in; undefined when it is not. */
  private loginUrlOf(response: Response, redirectUri: string): string | undefined {
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return undefined;
    if (!isResponseTo(redirectUri, location)) return location;
    const error = new URL(location).searchParams.get('error') ?? 'no error';
    throw new AuthorizationFlowError('authorization', `the request was refused: ${error}`, {
      status: response.status,
      body: location,
      error,
    });
  }

  private async pageOf(response: Response): Promise<string> {
    const body = await response.text();
    const { status } = response;
    if (status === 200) return body;
    throw new AuthorizationFlowError('authorization', 'the consent page was not shown', { status, body });
  }

  /** Answers the consent page. Where the browser is sent then: back to the client. */
  private async answer(html: string, pageUrl: string, redirectUri: string): Promise<string> {
    const { deny = false, tickedScopes } = this.options;
    const { action, fields } = answerConsent(html, { approved: !deny, ticked: tickedScopes });
    const response = await this.browser.post(new URL(action, pageUrl).href, fields);
    const location = response.headers.get('location');
    if (location !== null && isResponseTo(redirectUri, location)) return location;
    throw new AuthorizationFlowError('consent', 'the answer did not lead back to the client', {
      status: response.status,
      body: location ?? (await response.text()),
    });
  }
}

function isResponseTo(redirectUri: string, location: string): boolean {
  return location.startsWith(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}`);
}
