import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isCodeChallenge, isCodeVerifier, verifyCodeChallenge } from './pkce.js';

/** RFC 7636, appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const verifier = fc.stringMatching(/^[A-Za-z0-9\-._~]{43,128}$/);

describe('PKCE by S256 (RFC 7636)', () => {
  it('knows the example of the RFC', () => {
    expect(verifyCodeChallenge(VERIFIER, CHALLENGE)).toBe(true);
    expect(verifyCodeChallenge(`${VERIFIER}x`, CHALLENGE)).toBe(false);
    expect(verifyCodeChallenge(CHALLENGE, CHALLENGE)).toBe(false);
  });

  it.each([
    '',
    'a'.repeat(42),
    'a'.repeat(129),
    `${'a'.repeat(43)} `,
    `${'a'.repeat(42)}ä`,
    `${'a'.repeat(43)}\n`,
  ])('takes no verifier like %j', (text) => {
    expect(isCodeVerifier(text)).toBe(false);
    expect(verifyCodeChallenge(text, CHALLENGE)).toBe(false);
  });

  it.each([
    '',
    'a'.repeat(42),
    'a'.repeat(44),
    `${'a'.repeat(42)}=`,
    `${'a'.repeat(42)}+`,
    `${'a'.repeat(43)}\n`,
  ])('takes no challenge like %j', (text) => {
    expect(isCodeChallenge(text)).toBe(false);
  });

  it('tells one verifier from every other', () => {
    fc.assert(
      fc.property(
        verifier,
        (other) => isCodeVerifier(other) && verifyCodeChallenge(other, CHALLENGE) === (other === VERIFIER),
      ),
    );
  });
});
