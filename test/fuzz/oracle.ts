import type { FuzzedEndpoint } from './endpoints.js';
import { isMalformed, type RawRequest, type RawResponse } from './http-message.js';
import type { Material } from './material.js';
import { MARKUP, SECRET_NAMES } from './material.js';
import type { Outcome } from './wire.js';

/** Methods that both routers know. */
const COMMON_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const PAGE_HEADERS: Record<string, RegExp> = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'x-frame-options': /^DENY$/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^same-origin$/,
  'cache-control': /^no-store$/,
};

/** What is wrong with an answer; empty when nothing is. `request` is as it was sent, placeholders filled. */
export function problemsOf(
  endpoint: FuzzedEndpoint,
  request: RawRequest,
  outcome: Outcome,
  material: Material,
  serverSecrets: readonly string[],
): string[] {
  if (outcome === 'hang') return ['no answer'];
  if (outcome === 'closed') return isMalformed(request) ? [] : ['closed without an answer'];
  const { status } = outcome;
  return [
    ...(status >= 500 ? [`status ${status}`] : []),
    ...leaks(endpoint, request, outcome, material, serverSecrets),
    ...(status < 500 && isOurs(endpoint, request) ? shapeProblems(endpoint, request, outcome) : []),
  ];
}

/** Whether the request certainly reaches the endpoint: then the answer must be of its shape. */
function isOurs({ path }: FuzzedEndpoint, request: RawRequest): boolean {
  const [target] = request.target.split('?', 1);
  return target === path && !isMalformed(request) && COMMON_METHODS.includes(request.method);
}

function leaks(
  endpoint: FuzzedEndpoint,
  request: RawRequest,
  { headers, body }: RawResponse,
  material: Material,
  serverSecrets: readonly string[],
): string[] {
  const answer = `${headers.flat().join('\n')}\n${body}`;
  const sent = `${request.target}\n${request.headers.flat().join('\n')}\n${request.body}`;
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  // A client that puts its token into `state` gets it back; and a path that is not ours is answered by the framework.
  const mayEcho = endpoint.echoes || !isOurs(endpoint, request);
  return [
    ...serverSecrets.filter((secret) => answer.includes(secret)).map(() => 'a secret of the server'),
    ...SECRET_NAMES.map((name) => [name, material[name] ?? '\0'] as const)
      .filter(([, secret]) => answer.includes(secret) && !(mayEcho && sent.includes(secret)))
      .map(([name]) => `the answer holds ${name}`),
    ...(body.includes(MARKUP) && !/^application\/json/.test(type) ? ['markup as it was sent'] : []),
    ...(headers.some(([name, value]) => name === 'set-cookie' && value.includes('fuzz=1'))
      ? ['a header injected']
      : []),
  ];
}

function shapeProblems(endpoint: FuzzedEndpoint, request: RawRequest, response: RawResponse): string[] {
  const headers = new Map(response.headers);
  if (endpoint.kind === 'page') return pageProblems(response, headers);
  if (endpoint.kind === 'resource') return resourceProblems(response, headers);
  const isEmpty = response.body === '' && (response.status < 400 || request.method === 'HEAD');
  return [
    ...(headers.get('cache-control') === 'no-store' ? [] : ['it may be cached']),
    ...(isEmpty ? [] : jsonProblems(response, headers)),
  ];
}

function pageProblems({ status, body }: RawResponse, headers: ReadonlyMap<string, string>): string[] {
  if (status === 303) {
    return headers.get('referrer-policy') === 'no-referrer' ? [] : ['the redirect sends a referrer'];
  }
  const type = headers.get('content-type') ?? '';
  return [
    ...(/^text\/html/.test(type) ? [] : [`a page of type ${type}: ${body.slice(0, 80)}`]),
    ...Object.entries(PAGE_HEADERS)
      .filter(([name, pattern]) => !pattern.test(headers.get(name) ?? ''))
      .map(([name]) => `a page with a wrong ${name}`),
  ];
}

/** Behind the gate it is the application that answers. */
function resourceProblems(response: RawResponse, headers: ReadonlyMap<string, string>): string[] {
  if (response.status !== 401) return [];
  const challenge = headers.get('www-authenticate') ?? '';
  return [
    ...(/^Bearer .*resource_metadata="http:\/\/localhost:\d+\/\.well-known\//.test(challenge)
      ? []
      : ['a 401 without challenge']),
    ...(response.body === '' ? [] : jsonProblems(response, headers)),
  ];
}

function jsonProblems({ status, body }: RawResponse, headers: ReadonlyMap<string, string>): string[] {
  if (!/^application\/json/.test(headers.get('content-type') ?? ''))
    return [`an answer that is no JSON: ${body.slice(0, 80)}`];
  const value = JSON.parse(body) as Record<string, unknown>;
  const isError = typeof value.error === 'string' && typeof value.error_description === 'string';
  return status >= 400 && !isError ? [`an error of another shape: ${body.slice(0, 80)}`] : [];
}
