/** What a WWW-Authenticate challenge says (RFC 6750, section 3; RFC 9728, section 5.1). */
export interface Challenge {
  /** Left out when the request carried no credentials (RFC 6750, section 3.1). */
  error?: string;
  errorDescription?: string;
  scope?: string;
  resourceMetadata: string;
}

/**
 * The value of a WWW-Authenticate header.
 *
 * @example
 * challengeHeader({ resourceMetadata: 'https://h/.well-known/oauth-protected-resource/mcp', scope: 'mcp:read' })
 */
export function challengeHeader(challenge: Challenge): string {
  const parameters: [string, string | undefined][] = [
    ['error', challenge.error],
    ['error_description', challenge.errorDescription],
    ['scope', challenge.scope],
    ['resource_metadata', challenge.resourceMetadata],
  ];
  const present = parameters.filter((parameter): parameter is [string, string] => Boolean(parameter[1]));
  return `Bearer ${present.map(([name, value]) => `${name}=${quoted(value)}`).join(', ')}`;
}

/** A quoted-string (RFC 9110, section 5.6.4); what it cannot hold is left out. */
function quoted(value: string): string {
  return `"${value.replace(/[^\x20-\x7e]/g, '').replace(/["\\]/g, '\\$&')}"`;
}
