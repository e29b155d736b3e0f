import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkRedirectUri, isLoopbackRedirect, matchRedirectUri, redirectHost } from './redirect-uri.js';

describe('a redirect URI may be registered', () => {
  it.each([
    'https://app.example/callback',
    'https://app.example:8443/cb?tenant=1',
    'https://app.example',
    'http://localhost/callback',
    'http://127.0.0.1:33418/',
    'http://[::1]:5000/cb',
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'com.example.app:/cb',
    'com.example.app:/oauth/../cb',
  ])('%s', (uri) => {
    expect(checkRedirectUri(uri)).toBeNull();
  });
});

describe('a redirect URI is refused', () => {
  it.each([
    ['http://app.example/cb', /https/],
    ['https://app.example/cb#', /fragment/],
    ['https://user:pass@app.example/cb', /credentials/],
    ['https://app.example@evil.example/cb', /credentials/],
    ['https://*.app.example/cb', /wildcard/],
    ['https://app.example/a/./b', /dot segments/],
    ['https://app.example/%2E%2e/b', /dot segments/],
    ['https://app.example\\@evil.example', /characters/],
    ['https://app.exam\tple/', /characters/],
    ['https://äpp.example/', /characters/],
    ['https:///cb', /no host|absolute/],
    ['http://127.0.0.1.evil.example/', /https/],
    ['http://0x7f.1/', /unusual spelling/],
    ['JAVASCRIPT:alert(1)', /scheme/],
    ['data:text/html,hi', /scheme/],
    ['blob:https://app.example/x', /scheme/],
    ['intent://scan/#Intent', /fragment|scheme/],
    [`https://app.example/${'a'.repeat(2000)}`, /longer/],
  ])('%s', (uri, problem) => {
    expect(checkRedirectUri(uri)).toMatch(problem);
  });
});

describe('the match of a requested redirect URI', () => {
  it('is exact, but for the port of a loopback redirect (RFC 8252, section 7.3)', () => {
    expect(matchRedirectUri('http://127.0.0.1:1/cb', ['http://127.0.0.1:2/cb'])).toBe(true);
    expect(matchRedirectUri('http://localhost:9999/cb', ['http://localhost/cb'])).toBe(true);
    expect(matchRedirectUri('http://127.0.0.1:33418', ['http://127.0.0.1:1/'])).toBe(true);
    expect(matchRedirectUri('http://localhost:1/cb', ['http://127.0.0.1:1/cb'])).toBe(false);
    expect(matchRedirectUri('http://localhost:1/cb?x=1', ['http://localhost:1/cb'])).toBe(false);
    expect(matchRedirectUri('https://localhost:1/cb', ['https://localhost:2/cb'])).toBe(false);
    expect(matchRedirectUri('https://app.example/cb/', ['https://app.example/cb'])).toBe(false);
    expect(matchRedirectUri('https://app.example:443/cb', ['https://app.example/cb'])).toBe(false);
  });

  const path = fc.stringMatching(/^(\/[a-z0-9]{1,8}){0,3}$/);
  const port = fc.integer({ min: 1, max: 65_535 });
  const host = fc.constantFrom('127.0.0.1', '[::1]', 'localhost');

  it('takes any port on the same loopback host and path, and nothing that differs otherwise', () => {
    fc.assert(
      fc.property(host, host, port, port, path, path, (hostA, hostB, portA, portB, pathA, pathB) => {
        const matches = matchRedirectUri(`http://${hostA}:${portA}${pathA}`, [
          `http://${hostB}:${portB}${pathB}`,
        ]);
        return matches === (hostA === hostB && (pathA || '/') === (pathB || '/'));
      }),
    );
  });

  it('never accepts a URI that may not be registered, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (uri) => {
        if (checkRedirectUri(uri) === null) return true;
        return matchRedirectUri(uri, [uri]) === false;
      }),
    );
  });

  it('of https URIs is equality', () => {
    const uri = fc
      .webUrl({ validSchemes: ['https'] })
      .filter((candidate) => checkRedirectUri(candidate) === null);
    fc.assert(fc.property(uri, uri, (a, b) => matchRedirectUri(a, [b]) === (a === b)));
  });
});

describe('what people see of a redirect URI', () => {
  it.each([
    ['https://app.example:8443/cb', 'app.example:8443', false],
    ['http://localhost:7777/cb', 'localhost:7777', true],
    ['cursor://anysphere.cursor-mcp/cb', 'cursor:', false],
  ])('%s', (uri, shown, loopback) => {
    expect([redirectHost(uri), isLoopbackRedirect(uri)]).toEqual([shown, loopback]);
  });
});
