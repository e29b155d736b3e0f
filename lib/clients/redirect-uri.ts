const MAX_LENGTH = 2000;
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Schemes that a browser or system runs, renders or opens as something else than an application's own. */
const DANGEROUS_SCHEMES: ReadonlySet<string> = new Set([
  'about',
  'blob',
  'chrome',
  'chrome-extension',
  'content',
  'data',
  'edge',
  'feed',
  'file',
  'filesystem',
  'ftp',
  'intent',
  'jar',
  'javascript',
  'livescript',
  'mailto',
  'mhtml',
  'mocha',
  'ms-appinstaller',
  'ms-msdt',
  'moz-extension',
  'res',
  'resource',
  'search-ms',
  'shell',
  'sms',
  'ssh',
  'tel',
  'telnet',
  'vbscript',
  'view-source',
  'ws',
  'wss',
  'wyciwyg',
]);

/**
 * What is wrong with a redirect URI, or null. Allowed are https, http on the loopback interface, and private-use schemes
 * (RFC 8252, section 7); refused is whatever two parsers might read differently.
 *
 * @example
 * checkRedirectUri('cursor://anysphere.cursor-mcp/oauth/callback') // null
 * checkRedirectUri('http://evil.example/callback') // 'must use https, ...'
 */
export function checkRedirectUri(uri: string): string | null {
  if (uri.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  // Browsers drop tabs and line breaks and turn backslashes into slashes; RFC 3986 allows none of these characters.
  if (!/^[\x21-\x7e]+$/.test(uri) || /["<>\\^`{|}]/.test(uri))
    return 'contains characters that a URI must not contain';
  if (uri.includes('#')) return 'must not have a fragment';
  if (uri.includes('*')) return 'must not contain a wildcard';
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined || !URL.canParse(uri)) return 'is not an absolute URI';
  if (DANGEROUS_SCHEMES.has(scheme)) return 'uses a scheme that is not allowed';
  const authority = /^[^:]+:\/\/([^/?]*)/.exec(uri)?.[1];
  if (authority?.includes('@')) return 'must not contain credentials';
  if (scheme !== 'http' && scheme !== 'https') return null;
  if (!authority) return 'has no host';
  if (hasDotSegments(uri)) return 'must not contain dot segments';
  const { hostname } = new URL(uri);
  // `127.1` and `0x7f.1` become 127.0.0.1 only after parsing: what was written must be what is meant.
  if (hostname !== authority.replace(/:\d*$/, '').toLowerCase()) return 'has a host in an unusual spelling';
  if (scheme === 'http' && !LOOPBACK_HOSTS.has(hostname)) {
    return 'must use https, or http with 127.0.0.1, [::1] or localhost';
  }
  return null;
}

function hasDotSegments(uri: string): boolean {
  const path = uri.replace(/^[^:]+:\/\/[^/?]*/, '').split('?', 1)[0] ?? '';
  return path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
}

/**
 * Whether a requested redirect URI is a registered one: character by character (OAuth 2.1, section 4.1.3), except that a
 * loopback redirect may use any port (RFC 8252, section 7.3).
 */
export function matchRedirectUri(requested: string, registered: readonly string[]): boolean {
  if (checkRedirectUri(requested) !== null) return false;
  if (registered.includes(requested)) return true;
  const loopback = withoutLoopbackPort(requested);
  return loopback !== null && registered.some((uri) => withoutLoopbackPort(uri) === loopback);
}

/** A loopback redirect without its port; null for any other. A bare origin and its root path are the same resource. */
function withoutLoopbackPort(uri: string): string | null {
  const parts = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::\d{1,5})?(\/[^?]*)?(\?.*)?$/i.exec(uri);
  if (!parts) return null;
  const [, host = '', path = '/', query = ''] = parts;
  return `http://${host.toLowerCase()}${path}${query}`;
}

/** Whether the browser is sent back to the user's own machine. */
export function isLoopbackRedirect(uri: string): boolean {
  return withoutLoopbackPort(uri) !== null;
}

/** Where the browser will go, for people: a host, or the scheme that an application has claimed. */
export function redirectHost(uri: string): string {
  const { protocol, host } = new URL(uri);
  return protocol === 'https:' || protocol === 'http:' ? host : protocol;
}
