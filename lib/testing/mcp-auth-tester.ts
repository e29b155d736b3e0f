import type { INestApplication, INestApplicationContext } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { HANDLE_CODEC } from '../keys/handle-codec.js';
import { KEY_RING } from '../keys/key-ring.js';
import { DATABASE_CLOCK } from '../storage/database-clock.js';
import { GRANT_REPOSITORY } from '../storage/grant.repository.js';
import { AuthorizationFlow, type AuthorizeOptions } from './authorization-flow.js';
import type { AuthorizationRefusal } from './authorization-response.js';
import { whileListening } from './borrowed-server.js';
import { OAuthEndpoints } from './oauth-endpoints.js';
import { ServerAddress } from './server-address.js';
import { TestBrowser } from './test-browser.js';
import { TestSession } from './test-session.js';
import { TokenMint, type TestTokenOptions } from './token-mint.js';

/** An access token with its refresh token. */
export interface TestTokens {
  /** For an Authorization header. */
  accessToken: string;
  /** For the token endpoint. */
  refreshToken: string;
}

/**
 * Tokens and whole authorizations for the tests of an application with McpAuthModule.
 *
 * @example
 * const auth = McpAuthTester.of(app);
 * const token = await auth.accessToken({ userId: 'alice', scope: 'mcp:read' });
 * await request(app.getHttpServer()).get('/mcp/api/whoami').set('Authorization', `Bearer ${token}`).expect(200);
 */
export class McpAuthTester {
  private readonly mint: TokenMint;

  private constructor(
    private readonly app: INestApplicationContext,
    private readonly config: McpAuthConfig,
  ) {
    this.mint = new TokenMint({
      config,
      keyRing: app.get(KEY_RING, { strict: false }),
      handles: app.get(HANDLE_CODEC, { strict: false }),
      grants: app.get(GRANT_REPOSITORY, { strict: false }),
      clock: app.get(DATABASE_CLOCK, { strict: false }),
    });
  }

  /**
   * @param app that listens, or was `init()`ed; a compiled TestingModule will do for tokens
   * @throws {Error} when McpAuthModule is not part of the application
   */
  static of(app: INestApplicationContext): McpAuthTester {
    return new McpAuthTester(app, configOf(app));
  }

  /**
   * A good access token, without a browser: indistinguishable from one that the token endpoint issued. It can be
   * introspected and revoked, also by client or user.
   *
   * @throws {Error} that names an unknown scope or resource
   */
  async accessToken(options: TestTokenOptions): Promise<string> {
    return (await this.mint.mint(options)).access_token;
  }

  /**
   * An access token with a refresh token. A refresh token is redeemed by its client, which authenticates for that: give
   * the `clientId` of one that exists.
   *
   * @throws {Error} that names an unknown scope or resource
   */
  async tokens(options: TestTokenOptions): Promise<TestTokens> {
    const { access_token, refresh_token = '' } = await this.mint.mint(options, { withRefreshToken: true });
    return { accessToken: access_token, refreshToken: refresh_token };
  }

  /** An access token that was good until a moment ago. @throws {Error} that names an unknown scope or resource */
  async expiredToken(options: TestTokenOptions): Promise<string> {
    return (await this.mint.mint(options, { isExpired: true })).access_token;
  }

  /**
   * A well-formed access token with the right claims, key id and algorithm that somebody else has signed.
   *
   * @throws {Error} that names an unknown scope or resource
   */
  foreignToken(options: TestTokenOptions): Promise<string> {
    // A promise like its siblings', so that they can be exchanged in a table of cases.
    return Promise.resolve().then(() => this.mint.foreign(options).access_token);
  }

  /**
   * Walks the whole flow in process: registers a client, asks for authorization as a browser does, signs in at the
   * application, answers the consent page and redeems the code, with PKCE, `state` and `iss` checked. An application that
   * does not listen does so on a loopback port meanwhile.
   *
   * @returns what the client holds then; with `deny` the error that it was given
   * @throws {AuthorizationFlowError} that says which step failed, and what the server answered
   * @example
   * const session = await McpAuthTester.of(app).authorize({
   *   signIn: (browser) => browser.post('/login', { username: 'alice', password: 'wonderland' }),
   *   scope: 'mcp:read mcp:write',
   * });
   */
  authorize(options: AuthorizeOptions & { deny: true }): Promise<AuthorizationRefusal>;
  authorize(options?: AuthorizeOptions & { deny?: false }): Promise<TestSession>;
  async authorize(options: AuthorizeOptions = {}): Promise<TestSession | AuthorizationRefusal> {
    const { client, result } = await this.withServer((address, endpoints) =>
      new AuthorizationFlow(new TestBrowser(address), endpoints, this.config, options).run(),
    );
    if ('error' in result) return result;
    return new TestSession((use) => this.withServer((_, endpoints) => use(endpoints)), client, result);
  }

  private withServer<T>(use: (address: ServerAddress, endpoints: OAuthEndpoints) => Promise<T>): Promise<T> {
    const { app, config } = this;
    if (!isHttpApplication(app)) {
      throw new Error('authorize() needs an application: moduleRef.createNestApplication(), and app.init()');
    }
    if (!config.isAuthorizationServer) {
      throw new Error(`This application is a resource server only; ${config.issuer} authorizes for it`);
    }
    return whileListening(app, async (origin) => {
      const address = new ServerAddress(origin, config);
      return use(address, await OAuthEndpoints.discover(address, config.issuer));
    });
  }
}

function configOf(app: INestApplicationContext): McpAuthConfig {
  try {
    return app.get<McpAuthConfig>(MCP_AUTH_CONFIG, { strict: false });
  } catch (error) {
    throw new Error('McpAuthModule is not part of this application', { cause: error });
  }
}

function isHttpApplication(app: INestApplicationContext): app is INestApplication {
  return 'getHttpServer' in app;
}
