import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export type AsymmetricAlgorithm = 'RS256' | 'ES256';

/** Thrown while options are checked; the message names the problem of the key, never its content. */
export class UnusableKeyError extends Error {
  override readonly name = 'UnusableKeyError';
}

/** The one algorithm for which a key is used: RS256 for RSA of 2048 bits or more, ES256 for P-256. */
export function algorithmOf(key: KeyObject): AsymmetricAlgorithm {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'rsa') {
    if ((details?.modulusLength ?? 0) >= 2048) return 'RS256';
    throw new UnusableKeyError('is an RSA key of fewer than 2048 bits; generate one of at least 2048');
  }
  if (key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  throw new UnusableKeyError('is neither an RSA key (RS256) nor a P-256 key (ES256)');
}

export function parsePrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new UnusableKeyError('is not the PEM of an unencrypted private key');
  }
}

export function parsePublicKey(pem: string): KeyObject {
  if (pem.includes('PRIVATE KEY')) throw new UnusableKeyError('is a private key; give the public one');
  try {
    return createPublicKey(pem);
  } catch {
    throw new UnusableKeyError('is not the PEM of a public key');
  }
}
