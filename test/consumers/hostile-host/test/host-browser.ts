import { TestBrowser } from '../../../support/flow.js';

/** A browser that signs in to the host as its own pages do. */
export class HostBrowser extends TestBrowser {
  constructor(private readonly base: string) {
    super();
  }

  /** A token for the application's CSRF protection, which goes with the session. */
  async csrfToken(): Promise<string> {
    const response = await this.request(`${this.base}/api/v1/accounts/csrf`);
    const { data } = (await response.json()) as { data: { token: string } };
    return data.token;
  }

  /** Answers the application's own token. */
  async signIn(user = 'alice', password = 'wonderland'): Promise<string> {
    const response = await this.request(`${this.base}/api/v1/accounts/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': await this.csrfToken() },
      body: JSON.stringify({ user, password }),
    });
    if (response.status !== 200) throw new Error(`login: ${response.status} ${await response.text()}`);
    const { data } = (await response.json()) as { data: { token: string } };
    return data.token;
  }
}
