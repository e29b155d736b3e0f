import { OAUTH_ENDPOINTS, type McpAuthConfig, type OAuthEndpoint } from '../config/mcp-auth-config.js';

/** Endpoints that people's browsers visit; the others are for machines and open to any origin. */
const BROWSER_ENDPOINTS: readonly OAuthEndpoint[] = ['authorize', 'approve'];

/** Documents under `/.well-known/`, each of which has longer, path-inserted forms. */
export const WELL_KNOWN_DOCUMENTS = [
  'oauth-protected-resource',
  'oauth-authorization-server',
  'openid-configuration',
  'jwks.json',
] as const;

/** Which paths of the application are this module's. */
export class EndpointPaths {
  private readonly endpoints: ReadonlyMap<string, OAuthEndpoint>;
  private readonly wellKnownPattern: RegExp;

  constructor({ routePrefix }: Pick<McpAuthConfig, 'routePrefix'>) {
    this.endpoints = new Map(
      OAUTH_ENDPOINTS.map((name) => [`${routePrefix}/oauth/${name}`.toLowerCase(), name]),
    );
    const documents = WELL_KNOWN_DOCUMENTS.map(escapeRegExp).join('|');
    this.wellKnownPattern = new RegExp(
      `^(?:${escapeRegExp(routePrefix)})?/\\.well-known/(?:${documents})(?:/.*)?$`,
      'i',
    );
  }

  /** Whether a path is one of this module's. */
  includes(path: string): boolean {
    return this.endpointAt(path) !== undefined || this.wellKnownPattern.test(path);
  }

  /** Express' routers ignore case and one trailing slash, so this does. */
  endpointAt(path: string): OAuthEndpoint | undefined {
    return this.endpoints.get(path.toLowerCase().replace(/(?<=.)\/$/, ''));
  }

  /** Whether a browser-based client of any origin may call this path. */
  isOpenToAnyOrigin(path: string): boolean {
    const endpoint = this.endpointAt(path);
    if (endpoint) return !BROWSER_ENDPOINTS.includes(endpoint);
    return this.wellKnownPattern.test(path);
  }

  /** Every path of this module, for exemption from a global prefix. */
  get patterns(): { path: string; regex: RegExp }[] {
    return [
      ...[...this.endpoints.keys()].map((path) => ({
        path,
        regex: new RegExp(`^${escapeRegExp(path)}/?$`, 'i'),
      })),
      { path: '/.well-known', regex: this.wellKnownPattern },
    ];
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
