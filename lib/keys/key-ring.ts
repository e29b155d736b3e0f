import { createPublicKey, type KeyObject } from 'node:crypto';
import { McpAuthConfigurationError } from '../config/configuration.error.js';
import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import { algorithmOf, parsePrivateKey, parsePublicKey, UnusableKeyError } from './asymmetric-key.js';
import type { DerivedKeys } from './derived-keys.js';
import { jwkThumbprint, toPublicJwk, type PublicJwk } from './jwk.js';

export type JwtAlgorithm = 'HS256' | 'RS256' | 'ES256';

/** A key and the one algorithm that it may be used with. */
export interface JwtKey {
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  readonly key: KeyObject;
}

/** Injection token of the {@link KeyRing}: a symbol, so that two copies of this package share one. */
export const KEY_RING = Symbol.for('nestjs-mcp-auth:key-ring');

/**
 * The key that signs and every key that verifies, found by `kid`. Each key is pinned to one algorithm, so a token
 * cannot choose how it is checked (RFC 8725, section 3.1). Keys derived from the secret always verify: that is what
 * lets an installation move from HS256 to ES256 without logging anybody out.
 */
export class KeyRing {
  /** Absent on a resource server that was given public keys only. */
  readonly signingKey: JwtKey | undefined;
  readonly publicKeys: readonly PublicJwk[];
  private readonly verificationKeys: ReadonlyMap<string, JwtKey>;

  constructor(signing: McpAuthConfig['tokenSigning'], derivedKeys: DerivedKeys) {
    const secretKeys = derivedKeys
      .all('access-token')
      .map(({ id, key }): JwtKey => ({ kid: id.toString('base64url'), algorithm: 'HS256', key }));
    const asymmetric: JwtKey[] = signing.additionalPublicKeys.map(({ key: pem, kid }) => {
      const key = named('tokenSigningAdditionalPublicKeys', () => parsePublicKey(pem));
      return {
        kid: kid ?? jwkThumbprint(key),
        algorithm: named('tokenSigningAdditionalPublicKeys', () => algorithmOf(key)),
        key,
      };
    });

    if (signing.privateKey !== undefined) {
      const pem = signing.privateKey;
      const privateKey = named('tokenSigningPrivateKey', () => parsePrivateKey(pem));
      const kid = signing.kid ?? jwkThumbprint(privateKey);
      const algorithm = named('tokenSigningPrivateKey', () => algorithmOf(privateKey));
      if (signing.algorithm !== 'HS256' && signing.algorithm !== algorithm) {
        throw new McpAuthConfigurationError([
          `tokenSigningPrivateKey is a key for ${algorithm}, but tokenSigningAlgorithm is ${signing.algorithm}`,
        ]);
      }
      if (signing.publicKey !== undefined) {
        // An operator who names both means one pair: what others verify with would not fit otherwise.
        const publicKey = publicKeyOf(signing.publicKey);
        if (jwkThumbprint(publicKey) !== jwkThumbprint(privateKey)) {
          throw new McpAuthConfigurationError([
            'tokenSigningPublicKey does not belong to tokenSigningPrivateKey; leave it out, and it is derived',
          ]);
        }
      }
      this.signingKey = { kid, algorithm, key: privateKey };
      asymmetric.unshift({ kid, algorithm, key: createPublicKey(privateKey) });
    } else if (signing.publicKey !== undefined) {
      const key = publicKeyOf(signing.publicKey);
      const algorithm = named('tokenSigningPublicKey', () => algorithmOf(key));
      asymmetric.unshift({ kid: signing.kid ?? jwkThumbprint(key), algorithm, key });
    }
    if (signing.algorithm === 'HS256') this.signingKey = secretKeys[0];

    this.publicKeys = asymmetric.map(({ key, kid, algorithm }) => toPublicJwk(key, kid, algorithm));
    // The first key of a kid wins: the signing key stands before additional ones.
    this.verificationKeys = new Map([...asymmetric, ...secretKeys].reverse().map((key) => [key.kid, key]));
  }

  find(kid: string): JwtKey | undefined {
    return this.verificationKeys.get(kid);
  }
}

function publicKeyOf(pem: string): KeyObject {
  return named('tokenSigningPublicKey', () => parsePublicKey(pem));
}

/** @throws {McpAuthConfigurationError} that says which option holds the unusable key */
function named<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnusableKeyError)
      throw new McpAuthConfigurationError([`${option} ${error.message}`]);
    throw error;
  }
}
