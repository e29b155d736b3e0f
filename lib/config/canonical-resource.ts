/**
 * Canonical form of a resource indicator (RFC 8707, section 2): lower-case scheme and host, no default port, one trailing
 * slash taken off, so that `https://h` and `https://h/` are the same resource. Null for anything that is not an absolute
 * http(s) URI without fragment and credentials. Nothing is decoded or resolved: what is spelled differently is another
 * resource.
 */
export function canonicalResource(uri: string): string | null {
  const parts = /^(https?):\/\/([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?(\/[^?#\s]*)?(\?[^#\s]*)?$/i.exec(uri);
  if (!parts) return null;
  const [, rawScheme = '', host = '', port, path = '', query = ''] = parts;
  const scheme = rawScheme.toLowerCase();
  const isDefaultPort = port === undefined || port === (scheme === 'https' ? '443' : '80');
  return `${scheme}://${host.toLowerCase()}${isDefaultPort ? '' : `:${port}`}${path.replace(/\/$/, '')}${query}`;
}
