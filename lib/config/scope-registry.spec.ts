import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OPENID_SCOPES, parseScope, ScopeRegistry } from './scope-registry.js';

const registry = new ScopeRegistry(
  [
    { key: 'read', name: 'Read', required: true },
    { key: 'write', name: 'Write', implies: ['read'] },
    { key: 'admin', name: 'Admin', implies: ['write'] },
    { key: 'mirror', name: 'Mirror', implies: ['echo'] },
    { key: 'echo', name: 'Echo', implies: ['mirror'] },
  ],
  OPENID_SCOPES,
);
const keys = fc.subarray(['read', 'write', 'admin', 'mirror', 'echo', 'openid']);

describe('scopes', () => {
  it('are parsed by single spaces, each once, in order (RFC 6749, section 3.3)', () => {
    expect(parseScope('b a  b c ')).toEqual(['b', 'a', 'c']);
    expect(parseScope('')).toEqual([]);
    expect(parseScope(null)).toEqual([]);
    expect(parseScope('a\tb')).toEqual(['a\tb']);
  });

  it('imply others, step by step and in circles, and never the other way round', () => {
    expect(registry.satisfies(['admin'], ['read', 'write'])).toBe(true);
    expect(registry.satisfies(['write'], ['admin'])).toBe(false);
    expect(registry.satisfies(['mirror'], ['echo'])).toBe(true);
    expect(registry.satisfies(['mirror'], ['read'])).toBe(false);
    expect(registry.satisfies([], [])).toBe(true);
    expect(registry.satisfies(['unknown'], ['unknown'])).toBe(true);
    expect(registry.satisfies(['unknown'], ['read'])).toBe(false);
  });

  it('grant themselves, and more scopes never satisfy less', () => {
    fc.assert(
      fc.property(keys, keys, keys, (granted, more, needed) => {
        expect(registry.satisfies(granted, granted)).toBe(true);
        if (registry.satisfies(granted, needed)) {
          expect(registry.satisfies([...granted, ...more], needed)).toBe(true);
        }
        expect(registry.satisfies(granted, needed)).toBe(
          needed.every((scope) => registry.satisfies(granted, [scope])),
        );
      }),
    );
  });

  it('are known by key alone', () => {
    expect(registry.known(['write', 'nothing', 'constructor', '__proto__', 'openid'])).toEqual([
      'write',
      'openid',
    ]);
    expect(registry.requiredKeys).toEqual(['read']);
    expect(registry.resourceKeys).not.toContain('openid');
  });
});
