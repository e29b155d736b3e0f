import { Inject, Injectable } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import { KeyRing } from '../keys/key-ring.js';
import {
  authorizationServerMetadata,
  openIdConfiguration,
  protectedResourceMetadata,
} from './metadata-documents.js';

/** Finds the document that belongs to a path under `/.well-known/`. */
@Injectable()
export class WellKnownService {
  private readonly issuerPath: string;

  constructor(
    private readonly keys: KeyRing,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {
    this.issuerPath = new URL(config.issuer).pathname.replace(/\/$/, '');
  }

  /**
   * @param document the name after `/.well-known/`
   * @param inserted the path that follows it: of the resource or issuer that is asked about (RFC 8414, section 3.1)
   * @param before the path that precedes it: of the issuer, in OpenID's own way (OpenID Connect Discovery, section 4)
   */
  find(document: string, inserted: string, before: string): Record<string, unknown> | null {
    switch (document) {
      case 'oauth-protected-resource':
        return before === '' ? this.protectedResource(inserted) : null;
      case 'oauth-authorization-server':
        return before === '' && this.isIssuer(inserted)
          ? authorizationServerMetadata(this.config, this.keys)
          : null;
      case 'openid-configuration':
        return this.isAppended(inserted, before) || this.isIssuer(inserted)
          ? openIdConfiguration(this.config, this.keys)
          : null;
      case 'jwks.json':
        return inserted === '' ? { keys: this.keys.publicKeys } : null;
      default:
        return null;
    }
  }

  private protectedResource(inserted: string): Record<string, unknown> | null {
    const [first] = this.config.resources;
    // The root document is where clients look last when they do not know the path.
    if (inserted === '' || inserted === '/') return protectedResourceMetadata(this.config, first);
    const { origin } = new URL(this.config.baseUrl);
    const asked = `${origin}${inserted}`;
    const resource = this.config.resources.find(({ url }) => url === asked.replace(/\/$/, ''));
    // Clients compare the member with the URL that they were given, slash included (RFC 9728, section 3.3).
    return resource ? protectedResourceMetadata(this.config, resource, asked) : null;
  }

  /** The root does not answer for an issuer that has a path: there it would be another tenant's. */
  private isIssuer(inserted: string): boolean {
    return this.config.isAuthorizationServer && inserted.replace(/\/$/, '') === this.issuerPath;
  }

  private isAppended(inserted: string, before: string): boolean {
    if (!this.config.isAuthorizationServer || inserted !== '') return false;
    const { routePrefix, strippedPathPrefix } = this.config;
    // Behind a proxy that strips the issuer's whole path, the appended form arrives as the root's.
    return before === '' ? strippedPathPrefix !== '' && routePrefix === '' : before === routePrefix;
  }
}
