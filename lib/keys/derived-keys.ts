import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** What a derived key is for; each purpose has a key of its own, so that nothing made for one passes for another. */
export type KeyPurpose =
  'authorization-code' | 'refresh-token' | 'access-token' | 'consent-ticket' | 'login-marker';

/** A key derived from one value of `oauthSecret`, with the public id by which it is found again. */
export interface DerivedKey {
  readonly id: Buffer;
  readonly key: KeyObject;
}

const KEY_ID_BYTES = 4;

function derive(secret: string, label: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `nestjs-mcp-auth/${label}`, length));
}

/**
 * Keys derived from `oauthSecret` and `previousOauthSecrets` with HKDF (RFC 5869), one label per purpose. The current
 * secret signs; all of them verify, which lets secrets roll in two deployments.
 */
export class DerivedKeys {
  private readonly secrets: readonly [string, ...string[]];
  private readonly byPurpose = new Map<KeyPurpose, readonly [DerivedKey, ...DerivedKey[]]>();

  constructor(secret: string, previousSecrets: readonly string[] = []) {
    this.secrets = [secret, ...previousSecrets];
  }

  /** The current key first. */
  all(purpose: KeyPurpose): readonly [DerivedKey, ...DerivedKey[]] {
    let keys = this.byPurpose.get(purpose);
    if (!keys) {
      const of = (secret: string): DerivedKey => ({
        id: derive(secret, `${purpose}/id`, KEY_ID_BYTES),
        key: createSecretKey(derive(secret, purpose, 32)),
      });
      const [current, ...previous] = this.secrets;
      keys = [of(current), ...previous.map(of)];
      this.byPurpose.set(purpose, keys);
    }
    return keys;
  }

  current(purpose: KeyPurpose): DerivedKey {
    return this.all(purpose)[0];
  }

  find(purpose: KeyPurpose, id: Buffer): DerivedKey | undefined {
    return this.all(purpose).find((key) => key.id.equals(id));
  }
}
