/** Hosts that never leave the machine. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * What is wrong with a URL as base of an authorization server (RFC 8414, section 2: https, no query, no fragment), or
 * null.
 */
export function serverUrlProblem(value: string, production: boolean): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    return "must be an absolute URL such as 'https://app.example.com'";
  if (/[?#]/.test(value)) return 'must have neither query nor fragment';
  if (url.username || url.password) return 'must not contain credentials';
  if (url.pathname.length > 1 && url.pathname.endsWith('/')) return 'must not end in a slash';
  if (production && url.protocol !== 'https:' && !isLoopbackHost(url.hostname)) {
    return 'must begin with https:// in production';
  }
  return null;
}
