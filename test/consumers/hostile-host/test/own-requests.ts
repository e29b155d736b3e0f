import type { AdapterName } from '../src/settings.js';

export interface OwnRequest {
  what: string;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** What the request carries: the application's token, and the session with its CSRF token. */
  with?: ('token' | 'session')[];
  /** What the application alone answers. */
  status: number;
  /** Holds something random, of which only the shape can be compared. */
  random?: boolean;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'content-type': 'application/json' };
const FOREIGN = { origin: 'https://other.example' };
const OWN_FRONTEND = { origin: 'https://app.example' };
const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'x-csrf-token',
};

/** Requests to the application itself, good and bad, in the order in which they are sent. */
export function ownRequests(adapter: AdapterName, hasCsrfProtection: boolean): OwnRequest[] {
  const isExpress = adapter === 'express';
  const notes = '/api/v1/notes';
  const post = (what: string, status: number, more: Partial<OwnRequest>): OwnRequest => ({
    what,
    method: 'POST',
    path: notes,
    headers: JSON_BODY,
    body: '{"text":"a note"}',
    with: ['token', 'session'],
    status,
    ...more,
  });
  return [
    post('a note', 201, {}),
    post('a note as a form', 201, { headers: FORM, body: 'text=a+form' }),
    post('a note without a CSRF token', 403, { with: ['token'] }),
    post('a note without a token', 401, { with: ['session'] }),
    post('a note from a foreign page', hasCsrfProtection ? 403 : 201, {
      headers: { ...JSON_BODY, ...FOREIGN },
    }),
    post('broken JSON', 400, { body: '{"text":' }),
    post('too much JSON', 413, { body: JSON.stringify({ text: 'x'.repeat(11_000) }) }),
    post('an unknown member', 400, { body: '{"text":"a","more":1}' }),
    post('a member of the wrong type', 400, { body: '{"text":1}' }),
    post('no body', 400, { body: '', headers: {} }),
    post('an unknown content type', isExpress ? 400 : 415, {
      headers: { 'content-type': 'text/csv' },
      body: 'a,b',
    }),
    post('a body that is not what its encoding says', isExpress ? 400 : 201, {
      headers: { ...JSON_BODY, 'content-encoding': 'gzip' },
    }),
    { what: 'the notes', path: notes, with: ['token'], status: 200 },
    {
      what: 'the notes to the own frontend',
      path: notes,
      with: ['token'],
      headers: OWN_FRONTEND,
      status: 200,
    },
    { what: 'the notes to a foreign page', path: notes, with: ['token'], headers: FOREIGN, status: 200 },
    { what: 'the notes, their head only', method: 'HEAD', path: notes, with: ['token'], status: 200 },
    { what: 'the notes in version 2', path: '/api/v2/notes', with: ['token'], status: 200 },
    { what: 'the notes in no version', path: '/api/notes', with: ['token'], status: 404 },
    { what: 'the notes without the prefix', path: '/notes', with: ['token'], status: 404 },
    { what: 'the notes without a token', path: notes, status: 401 },
    {
      what: 'the notes with a foreign token',
      path: notes,
      headers: { authorization: 'Bearer a.b.c' },
      status: 401,
    },
    { what: 'one note', path: `${notes}/1`, with: ['token'], status: 200 },
    { what: 'a note that is not there', path: `${notes}/999`, with: ['token'], status: 404 },
    { what: 'a note that cannot be', path: `${notes}/abc`, with: ['token'], status: 400 },
    { what: 'a path that cannot be decoded', path: `${notes}/%E0%A4%A`, with: ['token'], status: 400 },
    { what: 'a method without a route', method: 'PUT', path: notes, with: ['session'], status: 404 },
    { what: 'a method without a route or CSRF token', method: 'PUT', path: notes, status: 403 },
    {
      what: 'a preflight of the own frontend',
      method: 'OPTIONS',
      path: notes,
      headers: { ...OWN_FRONTEND, ...PREFLIGHT },
      status: 204,
    },
    {
      what: 'a preflight of a foreign page',
      method: 'OPTIONS',
      path: notes,
      headers: { ...FOREIGN, ...PREFLIGHT },
      status: 204,
    },
    { what: 'OPTIONS alone', method: 'OPTIONS', path: notes, status: isExpress ? 204 : 400 },
    { what: 'a teapot', path: `${notes}/teapot`, status: 418 },
    { what: 'a fault', path: `${notes}/broken`, status: 500 },
    { what: 'the login page', path: '/login', status: 200 },
    { what: 'a CSRF token', path: '/api/v1/accounts/csrf', status: 200, random: true },
    post('a wrong password', 401, {
      path: '/api/v1/accounts/login',
      body: '{"user":"alice","password":"x"}',
    }),
    post('a password without a CSRF token', 403, {
      path: '/api/v1/accounts/login',
      body: '{"user":"alice","password":"wonderland"}',
      with: [],
    }),
    { what: 'nowhere', path: '/nowhere', status: 404 },
    { what: 'a neighbour of the OAuth endpoints', path: '/oauth/other', status: 404 },
    { what: 'an OAuth endpoint under the prefix', path: '/api/oauth/authorize', status: 404 },
    { what: 'another well-known document', path: '/.well-known/security.txt', status: 404 },
    { what: 'a neighbour of the MCP server', path: '/api/v1/mcpx', status: 404 },
  ];
}
