import type { IncomingMessage } from 'node:http';

/** What a request presents as its access token. */
export type PresentedToken =
  | { kind: 'none' }
  | { kind: 'token'; token: string }
  /** Not a form that RFC 6750 and MCP allow. */
  | { kind: 'malformed'; problem: string };

/**
 * The bearer token of a request (RFC 6750, section 2.1). Only the Authorization header counts: MCP forbids tokens in the
 * query, where logs and proxies would keep them.
 */
export function presentedToken(request: IncomingMessage): PresentedToken {
  const headers = request.rawHeaders.filter((_, index) => index % 2 === 0);
  if (headers.filter((name) => name.toLowerCase() === 'authorization').length > 1) {
    return { kind: 'malformed', problem: 'The request has more than one Authorization header' };
  }
  const query = (request.url ?? '').split('?').slice(1).join('?');
  if (/(?:^|&)access_token=/i.test(query)) {
    return {
      kind: 'malformed',
      problem: 'Access tokens belong into the Authorization header, not into the query',
    };
  }
  const { authorization } = request.headers;
  if (authorization === undefined) return { kind: 'none' };
  const token = /^bearer +([\w\-.~+/]+=*) *$/i.exec(authorization)?.[1];
  return token === undefined
    ? { kind: 'malformed', problem: 'The Authorization header holds no bearer token' }
    : { kind: 'token', token };
}
