import { randomBytes } from 'node:crypto';
import { sha256Hex } from '../storage/hash.js';

/** A new secret: shown once, kept only as a digest. Plain SHA-256 is enough for 256 random bits. */
export function newClientSecret(): { secret: string; secretDigest: string } {
  const secret = randomBytes(32).toString('base64url');
  return { secret, secretDigest: sha256Hex(secret) };
}
