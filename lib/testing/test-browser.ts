import { CookieJar } from './cookie-jar.js';
import { readForms } from './html-form.js';
import { send, type TestRequest } from './http-request.js';
import type { ServerAddress } from './server-address.js';

/** Fields of a form: by name, or as pairs where a name is posted more than once. */
export type FormFields = Record<string, string> | [name: string, value: string][];

/**
 * A browser without JavaScript that visits one application. It keeps cookies, sends what browsers send with a form, and
 * follows no redirect by itself. URLs are paths, or whole URLs as the application knows them.
 *
 * @example
 * signIn: async (browser) => {
 *   const answer = await browser.post('/login', { username: 'alice', password: 'wonderland' });
 *   if (answer.status !== 303) throw new Error(await answer.text());
 * }
 */
export class TestBrowser {
  private readonly cookies = new CookieJar();

  /** @internal */
  constructor(private readonly address: ServerAddress) {}

  /** Sets a cookie as if the application had, for a session that the test made itself. */
  setCookie(name: string, value: string): void {
    this.cookies.set(name, value);
  }

  /** The value of a cookie that the application has set. */
  cookie(name: string): string | undefined {
    return this.cookies.get(name);
  }

  /** Opens a page. */
  get(url: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.request(url, { headers });
  }

  /** Posts fields, as the form of a page of the application would. */
  post(url: string, fields: FormFields, headers: Record<string, string> = {}): Promise<Response> {
    return this.request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: this.address.publicOrigin,
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /**
   * Opens a page and sends off its form with what a person would type: hidden fields, such as a token against cross-site
   * requests, go along.
   *
   * @throws {Error} when the page has no form with fields of these names
   */
  async submitForm(url: string, fields: Record<string, string>): Promise<Response> {
    const page = await this.get(url);
    const names = Object.keys(fields);
    const form = readForms(await page.text()).find((candidate) =>
      names.every((name) => candidate.fields.some((field) => field.name === name)),
    );
    if (!form) throw new Error(`GET ${url}: ${page.status}, without a form that has ${names.join(' and ')}`);
    const kept = form.fields
      .filter(({ name }) => !names.includes(name))
      .map(({ name, value }): [string, string] => [name, value]);
    const pageUrl = new URL(url, this.address.publicOrigin);
    return this.post(new URL(form.action, pageUrl).href, [...kept, ...Object.entries(fields)]);
  }

  /** Any other request, such as a login by JSON. */
  async request(url: string, request: TestRequest): Promise<Response> {
    const { header: cookie } = this.cookies;
    const response = await send(this.address, url, {
      ...request,
      headers: { ...(cookie !== '' && { cookie }), ...request.headers },
    });
    this.cookies.store(response.headers.getSetCookie());
    return response;
  }
}
