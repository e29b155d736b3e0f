import { createHash, randomBytes } from 'node:crypto';

/** A code verifier and its S256 challenge (RFC 7636, section 4). */
export interface Pkce {
  verifier: string;
  challenge: string;
}

export function createPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
