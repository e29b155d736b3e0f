import { createHash, timingSafeEqual } from 'node:crypto';

/** A challenge by S256: the base64url of a SHA-256 (RFC 7636, section 4.2). */
export function isCodeChallenge(challenge: string): boolean {
  return /^[\w-]{43}$/.test(challenge);
}

/** 43 to 128 unreserved characters (RFC 7636, section 4.1). */
export function isCodeVerifier(verifier: string): boolean {
  return /^[\w\-.~]{43,128}$/.test(verifier);
}

/** Whether a verifier belongs to a challenge (RFC 7636, section 4.6); only S256 exists here. */
export function verifyCodeChallenge(verifier: string, challenge: string): boolean {
  if (!isCodeVerifier(verifier)) return false;
  const computed = createHash('sha256').update(verifier).digest();
  const expected = Buffer.from(challenge, 'base64url');
  return computed.length === expected.length && timingSafeEqual(computed, expected);
}
