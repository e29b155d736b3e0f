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

/** A path below a document: of a resource or issuer, without dot segments or escapes. */
const PLAIN_TAIL = '(?:/(?!\\.{1,2}(?:/|$))[\\w\\-.~]+)*';

/** Which paths of the application are this module's. */
export class EndpointPaths {
  private readonly endpoints: ReadonlyMap<string, OAuthEndpoint>;
  private readonly advertisedEndpoints: ReadonlySet<string>;
  private readonly wellKnownPattern: RegExp;
  private readonly advertisedDocuments: RegExp;
  private readonly documents: readonly string[];

  constructor({ routePrefix }: Pick<McpAuthConfig, 'routePrefix'>) {
    const advertised = OAUTH_ENDPOINTS.map((name) => [`${routePrefix}/oauth/${name}`, name] as const);
    this.endpoints = new Map(advertised.map(([path, name]) => [path.toLowerCase(), name]));
    this.advertisedEndpoints = new Set(advertised.map(([path]) => path));
    this.documents = [...new Set(['', routePrefix])].flatMap((prefix) =>
      WELL_KNOWN_DOCUMENTS.map((name) => `${prefix}/.well-known/${name}`),
    );
    const documents = `(?:${this.documents.map(escapeRegExp).join('|')})`;
    this.wellKnownPattern = new RegExp(`^${documents}(?:/.*)?$`, 'i');
    this.advertisedDocuments = new RegExp(`^${documents}${PLAIN_TAIL}$`);
  }

  /** Whether a path is one of this module's. */
  includes(path: string): boolean {
    return this.endpointAt(path) !== undefined || this.wellKnownPattern.test(path);
  }

  /** Express' routers ignore case and one trailing slash, so this does. */
  endpointAt(path: string): OAuthEndpoint | undefined {
    return this.endpoints.get(path.toLowerCase().replace(/(?<=.)\/$/, ''));
  }

  /** Whether the path is this module's and spelled as it is advertised: then it leads nowhere else on any adapter. */
  isAdvertised(path: string): boolean {
    return this.advertisedEndpoints.has(path) || this.advertisedDocuments.test(path);
  }

  /** Whether a browser-based client of any origin may call this path. */
  isOpenToAnyOrigin(path: string): boolean {
    const endpoint = this.endpointAt(path);
    if (endpoint) return !BROWSER_ENDPOINTS.includes(endpoint);
    return this.wellKnownPattern.test(path);
  }

  /** Every path of this module, for exemption from a global prefix. */
  get patterns(): { path: string; regex: RegExp }[] {
    const pattern = (path: string, rest: string): { path: string; regex: RegExp } => ({
      path,
      regex: new RegExp(`^${escapeRegExp(path)}${rest}$`, 'i'),
    });
    return [
      ...[...this.advertisedEndpoints].map((path) => pattern(path, '/?')),
      ...this.documents.map((path) => pattern(path, '(?:/.*)?')),
    ];
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
