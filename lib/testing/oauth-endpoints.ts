import type { TokenResponse } from '../token/token-response.js';
import { AuthorizationFlowError, type AuthorizationStep } from './authorization-flow.error.js';
import { send } from './http-request.js';
import type { ServerAddress } from './server-address.js';
import { clientAuthentication, type TestClient } from './test-client.js';

/** Authorization server metadata (RFC 8414), as far as a flow needs it. */
export interface ServerMetadata {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  registration_endpoint?: string;
  revocation_endpoint: string;
}

/** The endpoints that a client asks without a browser, found by discovery. */
export class OAuthEndpoints {
  private constructor(
    private readonly address: ServerAddress,
    readonly metadata: ServerMetadata,
  ) {}

  /** @throws {AuthorizationFlowError} also when the metadata is another issuer's (RFC 8414, section 3.3) */
  static async discover(address: ServerAddress, issuer: string): Promise<OAuthEndpoints> {
    const { origin, pathname } = new URL(issuer);
    const url = `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`;
    const response = await send(address, url);
    const body = await response.text();
    const metadata = parseJson(body) as Partial<ServerMetadata> | undefined;
    if (response.status !== 200 || metadata?.issuer !== issuer) {
      const hint = response.status === 404 ? '; was app.init() called?' : '';
      const problem = `${url} does not describe ${issuer}${hint}`;
      throw new AuthorizationFlowError('discovery', problem, { status: response.status, body });
    }
    return new OAuthEndpoints(address, metadata as ServerMetadata);
  }

  /** @throws {AuthorizationFlowError} */
  async register(clientMetadata: Record<string, unknown>): Promise<TestClient> {
    const { registration_endpoint: endpoint } = this.metadata;
    if (endpoint === undefined) {
      const problem = 'dynamicClientRegistration is off; pass one of the configured clients as `client`';
      throw new AuthorizationFlowError('registration', problem);
    }
    const response = await send(this.address, endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(clientMetadata),
    });
    return (await this.expect(response, 201, 'registration', endpoint)) as TestClient;
  }

  /** @throws {AuthorizationFlowError} */
  async token(
    client: TestClient,
    parameters: Record<string, string>,
    step: AuthorizationStep,
  ): Promise<TokenResponse> {
    const { token_endpoint: endpoint } = this.metadata;
    const response = await this.postAs(client, endpoint, parameters);
    return (await this.expect(response, 200, step, endpoint)) as unknown as TokenResponse;
  }

  /** @throws {AuthorizationFlowError} */
  async revoke(client: TestClient, token: string): Promise<void> {
    const { revocation_endpoint: endpoint } = this.metadata;
    const response = await this.postAs(client, endpoint, { token });
    await this.expect(response, 200, 'revocation', endpoint);
  }

  private postAs(
    client: TestClient,
    endpoint: string,
    parameters: Record<string, string>,
  ): Promise<Response> {
    const { headers, fields } = clientAuthentication(client);
    return send(this.address, endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ ...parameters, ...fields }).toString(),
    });
  }

  private async expect(
    response: Response,
    wanted: number,
    step: AuthorizationStep,
    endpoint: string,
  ): Promise<object> {
    const body = await response.text();
    const { status } = response;
    const document = parseJson(body);
    if (status === wanted) return document ?? {};
    const { error } = (document ?? {}) as { error?: unknown };
    const problem = `POST ${endpoint} was refused`;
    throw new AuthorizationFlowError(step, problem, {
      status,
      body,
      ...(typeof error === 'string' && { error }),
    });
  }
}

function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
