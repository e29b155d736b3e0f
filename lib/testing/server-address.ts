import type { McpAuthConfig } from '../config/mcp-auth-config.js';

/** Where an application under test says that it is, and where it really listens. */
export class ServerAddress {
  /** Scheme, host and port of `serverUrl`. */
  readonly publicOrigin: string;

  constructor(
    private readonly realOrigin: string,
    private readonly config: Pick<McpAuthConfig, 'baseUrl' | 'strippedPathPrefix'>,
  ) {
    this.publicOrigin = new URL(config.baseUrl).origin;
  }

  /**
   * The URL at which an advertised URL, or a path, really is.
   *
   * @throws {Error} for a URL of somebody else
   */
  locate(url: string): URL {
    const advertised = new URL(url, this.publicOrigin);
    if (advertised.origin === this.realOrigin) return advertised;
    if (advertised.origin !== this.publicOrigin) {
      throw new Error(
        `${url} is not a URL of ${this.publicOrigin}: only the application itself can be asked`,
      );
    }
    return new URL(`${this.withoutPrefix(advertised.pathname)}${advertised.search}`, this.realOrigin);
  }

  /** As the proxy does that stands before the application. */
  private withoutPrefix(path: string): string {
    const { strippedPathPrefix: prefix } = this.config;
    return prefix !== '' && (path === prefix || path.startsWith(`${prefix}/`))
      ? path.slice(prefix.length) || '/'
      : path;
  }
}
