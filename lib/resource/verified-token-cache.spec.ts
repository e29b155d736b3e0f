import { describe, expect, it, jest } from '@jest/globals';
import type { AccessTokenClaims } from '../keys/access-token-claims.js';
import { VerifiedTokenCache } from './verified-token-cache.js';

const claims = (jti: string): AccessTokenClaims => ({ jti }) as AccessTokenClaims;

describe('the cache of verified tokens', () => {
  it('asks once, holds so many and no more, and lets go of what was not used for longest', () => {
    const cache = new VerifiedTokenCache(2);
    const verify = jest.fn(claims);
    const get = (token: string): AccessTokenClaims => cache.getOrVerify(token, () => verify(token));
    for (const token of ['a', 'b', 'a', 'c', 'a']) expect(get(token)).toEqual({ jti: token });
    expect(verify.mock.calls.flat()).toEqual(['a', 'b', 'c']);
    get('b');
    expect(verify.mock.calls.flat()).toEqual(['a', 'b', 'c', 'b']);
  });

  it('keeps nothing that was refused, and no token', () => {
    const cache = new VerifiedTokenCache(2);
    const refuse = (): never => {
      throw new Error('refused');
    };
    expect(() => cache.getOrVerify('a-bad-token', refuse)).toThrow('refused');
    expect(cache.getOrVerify('a-bad-token', () => claims('x'))).toEqual({ jti: 'x' });
    const entries = (cache as unknown as { entries: Map<string, unknown> }).entries;
    expect([...entries.keys()].join()).not.toContain('a-bad-token');
  });
});
