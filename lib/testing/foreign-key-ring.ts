import { createSecretKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import type { JwtAlgorithm, JwtKey, KeyRing } from '../keys/key-ring.js';

/** A ring that signs as `ring` does, under the same key id and algorithm, with the key of somebody else. */
export function foreignKeyRing(ring: KeyRing): Pick<KeyRing, 'signingKey' | 'find'> {
  const { kid, algorithm } = imitated(ring);
  return { signingKey: { kid, algorithm, key: freshKey(algorithm) }, find: () => undefined };
}

/** A resource server may have public keys only; then there is one of them to pretend to be. */
function imitated({ signingKey, publicKeys }: KeyRing): Pick<JwtKey, 'kid' | 'algorithm'> {
  if (signingKey) return signingKey;
  const [jwk] = publicKeys;
  if (!jwk) throw new Error('This application has no key, so there is none to sign like');
  return { kid: jwk.kid, algorithm: jwk.alg as JwtAlgorithm };
}

function freshKey(algorithm: JwtAlgorithm): KeyObject {
  switch (algorithm) {
    case 'HS256':
      return createSecretKey(randomBytes(32));
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  }
}
