import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalResource } from './canonical-resource.js';

describe('the canonical form of a resource (RFC 8707)', () => {
  it.each([
    ['https://h', 'https://h'],
    ['https://h/', 'https://h'],
    ['HTTPS://H.Example:443/mcp/', 'https://h.example/mcp'],
    ['http://h:8080/Mcp', 'http://h:8080/Mcp'],
    ['http://[::1]:80/x', 'http://[::1]/x'],
    ['https://h/mcp//', 'https://h/mcp/'],
  ])('of %s is %s', (uri, expected) => {
    expect(canonicalResource(uri)).toBe(expected);
  });

  it.each([
    '',
    '/mcp',
    'h/mcp',
    'https://h/mcp#x',
    'https://u@h/mcp',
    'ftp://h/mcp',
    'https://h/a b',
    'javascript:x',
  ])('does not exist for %j', (uri) => {
    expect(canonicalResource(uri)).toBeNull();
  });

  it('resolves and decodes nothing', () => {
    expect(canonicalResource('https://h/x/../mcp')).not.toBe('https://h/mcp');
    expect(canonicalResource('https://h/%6dcp')).not.toBe('https://h/mcp');
  });

  const uri = fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true });

  it('is its own canonical form, and names the same scheme, host, port and query', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          uri,
          uri.map((text) => text.toUpperCase()),
        ),
        (text) => {
          const canonical = canonicalResource(text);
          fc.pre(canonical !== null);
          const [before, after] = [new URL(text), new URL(canonical)];
          expect([after.origin, after.search]).toEqual([before.origin, before.search]);
          // One slash is taken off at a time: several are another resource.
          if (!canonical.split('?')[0]?.endsWith('/')) expect(canonicalResource(canonical)).toBe(canonical);
        },
      ),
    );
  });

  it('is the same for two spellings only if they differ in what means nothing', () => {
    const spelled = fc.tuple(
      fc.constantFrom('http', 'HTTP', 'https'),
      fc.constantFrom('h', 'H', 'h.', 'evil.h'),
      fc.constantFrom('', ':80', ':443', ':8080'),
      fc.constantFrom('', '/', '/a', '/A', '/a/', '/a//', '/%61'),
      fc.constantFrom('', '?', '?x', '?X'),
    );
    const meaning = ([scheme, host, port, path, query]: readonly string[]): string => {
      const ofScheme = { http: ':80', https: ':443' }[scheme?.toLowerCase() ?? ''];
      return [
        scheme?.toLowerCase(),
        host?.toLowerCase(),
        port || ofScheme,
        path?.replace(/\/$/, ''),
        query,
      ].join(' ');
    };
    fc.assert(
      fc.property(spelled, spelled, (a, b) => {
        const text = ([scheme, ...rest]: readonly string[]): string => `${scheme}://${rest.join('')}`;
        expect(canonicalResource(text(a)) === canonicalResource(text(b))).toBe(meaning(a) === meaning(b));
      }),
      { numRuns: 2000 },
    );
  });

  it('is text or null for anything at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const canonical = canonicalResource(text);
        return canonical === null || /^https?:\/\/[^\s#@]+$/.test(canonical.replace(/\?.*$/, ''));
      }),
    );
  });
});
