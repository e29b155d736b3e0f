import type { TokenResponse } from '../token/token-response.js';
import { AuthorizationFlowError } from './authorization-flow.error.js';
import type { OAuthEndpoints } from './oauth-endpoints.js';
import type { TestClient } from './test-client.js';

/** Lends the endpoints of the application for the length of a call. */
export type EndpointLoan = <T>(use: (endpoints: OAuthEndpoints) => Promise<T>) => Promise<T>;

/**
 * What a client holds after a user has let it in. It keeps its tokens as a client does: after `refresh()` it holds the
 * new ones.
 *
 * @example
 * const session = await McpAuthTester.of(app).authorize({ signIn });
 * await session.refresh();
 * await session.revoke();
 */
export class TestSession {
  private tokens: TokenResponse;

  /** @internal */
  constructor(
    private readonly endpoints: EndpointLoan,
    /** The client that was registered or given. */
    readonly client: TestClient,
    tokens: TokenResponse,
  ) {
    this.tokens = tokens;
  }

  /** The access token, for an Authorization header. */
  get accessToken(): string {
    return this.tokens.access_token;
  }

  /** Undefined when the client is not registered for `refresh_token`. */
  get refreshToken(): string | undefined {
    return this.tokens.refresh_token;
  }

  /** Undefined unless `openid` was granted. */
  get idToken(): string | undefined {
    return this.tokens.id_token;
  }

  /** What was granted, space-separated. */
  get scope(): string {
    return this.tokens.scope;
  }

  /** Seconds that the access token was good for when it was issued. */
  get expiresIn(): number {
    return this.tokens.expires_in;
  }

  /**
   * Redeems the refresh token.
   *
   * @param parameters more of the request, such as a narrower `scope`
   * @throws {AuthorizationFlowError} with the server's `error`, such as `invalid_grant`
   */
  async refresh(parameters: Record<string, string> = {}): Promise<void> {
    const { refreshToken } = this;
    if (refreshToken === undefined) throw new AuthorizationFlowError('refresh', 'there is no refresh token');
    this.tokens = await this.endpoints((endpoints) =>
      endpoints.token(
        this.client,
        { grant_type: 'refresh_token', refresh_token: refreshToken, ...parameters },
        'refresh',
      ),
    );
  }

  /**
   * Ends a token (RFC 7009): with the refresh token everything that came from this authorization, with the access token
   * that one alone.
   *
   * @param token Default: the refresh token, if there is one.
   * @throws {AuthorizationFlowError}
   */
  async revoke(token: string = this.refreshToken ?? this.accessToken): Promise<void> {
    await this.endpoints((endpoints) => endpoints.revoke(this.client, token));
  }
}
