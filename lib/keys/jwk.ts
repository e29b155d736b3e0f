import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** A public signing key as published in the JWK Set (RFC 7517). */
export interface PublicJwk {
  kty: string;
  kid: string;
  alg: string;
  use: 'sig';
  [member: string]: string;
}

const REQUIRED_MEMBERS: Record<string, readonly string[]> = {
  RSA: ['e', 'kty', 'n'],
  EC: ['crv', 'kty', 'x', 'y'],
};

function requiredMembers(publicKey: KeyObject): Record<string, string> {
  const jwk = publicKey.export({ format: 'jwk' });
  const names = REQUIRED_MEMBERS[String(jwk.kty)] ?? [];
  return Object.fromEntries(names.map((name) => [name, String(jwk[name])]));
}

/** The JWK thumbprint (RFC 7638): SHA-256 over the required members in lexicographic order. */
export function jwkThumbprint(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(JSON.stringify(requiredMembers(publicKey)))
    .digest('base64url');
}

export function toPublicJwk(publicKey: KeyObject, kid: string, alg: string): PublicJwk {
  return {
    ...requiredMembers(publicKey),
    kty: String(publicKey.export({ format: 'jwk' }).kty),
    kid,
    alg,
    use: 'sig',
  };
}
