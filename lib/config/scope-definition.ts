/**
 * A scope that clients may ask for.
 *
 * @example
 * { key: 'mcp:write', name: 'Write access', description: 'Create and change notes', implies: ['mcp:read'] }
 */
export interface ScopeDefinition {
  /** The scope token (RFC 6749, section 3.3). */
  key: string;
  /** Short name on the consent page. */
  name: string;
  /** One sentence on the consent page. */
  description?: string;
  /** Always part of a grant; the user cannot untick it. Default: false. */
  required?: boolean;
  /** Narrower scopes that this one includes when a route asks for them. Default: none. */
  implies?: string[];
}
