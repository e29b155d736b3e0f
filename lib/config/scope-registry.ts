import type { ScopeDefinition } from './scope-definition.js';

export const OPENID_SCOPES: readonly ScopeDefinition[] = [
  { key: 'openid', name: 'Sign you in', description: 'Know who you are' },
  { key: 'email', name: 'E-mail address', description: 'See your e-mail address' },
  { key: 'profile', name: 'Profile', description: 'See your name' },
];

export const DEFAULT_SCOPES: readonly ScopeDefinition[] = [
  { key: 'mcp:read', name: 'Read access', description: 'Read your data and resources', required: true },
  { key: 'mcp:write', name: 'Write access', description: 'Create and modify data on your behalf' },
];

/** Splits a space-separated scope (RFC 6749, section 3.3) into its distinct tokens, in order. */
export function parseScope(scope: string | null | undefined): string[] {
  return [...new Set((scope ?? '').split(' ').filter(Boolean))];
}

/** The scopes that this server knows, and the algebra over them. */
export class ScopeRegistry {
  private readonly definitions: ReadonlyMap<string, ScopeDefinition>;
  private readonly closures = new Map<string, ReadonlySet<string>>();

  constructor(
    readonly resourceScopes: readonly ScopeDefinition[],
    readonly openIdScopes: readonly ScopeDefinition[],
  ) {
    this.definitions = new Map([...resourceScopes, ...openIdScopes].map((scope) => [scope.key, scope]));
    for (const key of this.definitions.keys()) this.closures.set(key, this.closureOf(key));
  }

  /** Keys of the resource's own scopes, in the order of registration. */
  get resourceKeys(): string[] {
    return this.resourceScopes.map((scope) => scope.key);
  }

  /** Every key, the OpenID ones last. */
  get keys(): string[] {
    return [...this.definitions.keys()];
  }

  get(key: string): ScopeDefinition | undefined {
    return this.definitions.get(key);
  }

  has(key: string): boolean {
    return this.definitions.has(key);
  }

  get requiredKeys(): string[] {
    return this.resourceScopes.filter((scope) => scope.required).map((scope) => scope.key);
  }

  /** Those of `scopes` that are known. */
  known(scopes: readonly string[]): string[] {
    return scopes.filter((scope) => this.definitions.has(scope));
  }

  /** Whether `granted`, with everything it implies, contains each of `needed`. */
  satisfies(granted: readonly string[], needed: readonly string[]): boolean {
    return needed.every((scope) =>
      granted.some((have) => have === scope || this.closures.get(have)?.has(scope)),
    );
  }

  private closureOf(key: string): ReadonlySet<string> {
    const reached = new Set<string>();
    const visit = (current: string): void => {
      if (reached.has(current)) return;
      reached.add(current);
      this.definitions.get(current)?.implies?.forEach(visit);
    };
    visit(key);
    return reached;
  }
}
