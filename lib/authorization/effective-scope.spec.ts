import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Client } from '../clients/client.js';
import { OPENID_SCOPES, ScopeRegistry } from '../config/scope-registry.js';
import { grantedScopes, requestedScopes } from './effective-scope.js';

const registry = new ScopeRegistry(
  [
    { key: 'read', name: 'Read', required: true },
    { key: 'write', name: 'Write' },
    { key: 'admin', name: 'Admin' },
  ],
  OPENID_SCOPES,
);
const withoutOpenId = new ScopeRegistry(registry.resourceScopes, []);
const client = (scope: string | null = null, scopeIsCeiling = false): Client =>
  ({ scope, scopeIsCeiling }) as Client;

describe('the scopes that a request comes to', () => {
  it.each([
    ['nothing asked, nothing registered', undefined, client(), ['read', 'write', 'admin']],
    ['nothing asked, a default registered', undefined, client('write'), ['read', 'write']],
    ['unknown ones among known ones', 'write nonsense', client(), ['read', 'write']],
    ['more than a default', 'admin', client('read'), ['read', 'admin']],
    ['more than a ceiling', 'admin write', client('read write', true), ['read', 'write']],
    ['offline_access', 'write offline_access', client(), ['read', 'write']],
    ['openid', 'openid write', client(), ['read', 'openid', 'write']],
  ])('%s', (_, asked, of, expected) => {
    expect(requestedScopes(asked, of, registry)).toEqual(expected);
  });

  it('are the default ones when only OpenID scopes were asked for that are not offered', () => {
    expect(requestedScopes('openid email profile', client(), withoutOpenId)).toEqual([
      'read',
      'write',
      'admin',
    ]);
  });

  it('are an error when none exists', () => {
    expect(() => requestedScopes('nonsense', client(), registry)).toThrow(
      'None of the requested scopes exists',
    );
  });

  it('never hold what is unknown, twice the same, or more than a ceiling', () => {
    const scope = fc.array(fc.constantFrom<string>('read', 'write', 'admin', 'openid', 'x', 'y'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(scope, scope, fc.boolean(), (asked, registered, isCeiling) => {
        fc.pre(asked.some((key) => registry.has(key)));
        const result = requestedScopes(asked.join(' '), client(registered.join(' '), isCeiling), registry);
        expect(new Set(result).size).toBe(result.length);
        for (const key of result) {
          expect(registry.has(key)).toBe(true);
          expect(asked.includes(key) || registry.requiredKeys.includes(key)).toBe(true);
          if (isCeiling) expect(registered).toContain(key);
        }
      }),
    );
  });
});

describe('the scopes that are granted', () => {
  it('are those ticked among those shown, plus the required ones among them', () => {
    expect(grantedScopes(['read', 'write'], ['write', 'admin'], registry)).toEqual(['read', 'write']);
    expect(grantedScopes(['read', 'write'], [], registry)).toEqual(['read']);
    expect(grantedScopes(['write'], ['read'], registry)).toEqual([]);
  });

  it('are all that were shown when the page had no checkboxes', () => {
    expect(grantedScopes(['read', 'write'], undefined, registry)).toEqual(['read', 'write']);
  });

  it('are never more than was shown', () => {
    const some = fc.subarray(['read', 'write', 'admin', 'openid']);
    fc.assert(
      fc.property(some, fc.option(some, { nil: undefined }), (shown, ticked) =>
        grantedScopes(shown, ticked, registry).every((scope) => shown.includes(scope)),
      ),
    );
  });
});
