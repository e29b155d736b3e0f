import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { DerivedKeys } from './derived-keys.js';

/** What is handed to a browser and must come back untouched. */
export type SealPurpose = 'consent-ticket' | 'login-marker';

/**
 * Signs small JSON values that travel through the browser. The content is readable by whoever holds it, so it never
 * holds a secret; it cannot be changed, and one purpose's value does not open as another's.
 */
export class Sealer {
  constructor(private readonly keys: DerivedKeys) {}

  seal(purpose: SealPurpose, value: unknown): string {
    const { id, key } = this.keys.current(purpose);
    const body = Buffer.from(JSON.stringify(value)).toString('base64url');
    const keyId = id.toString('base64url');
    return `${keyId}.${body}.${this.mac(key, keyId, body).toString('base64url')}`;
  }

  /** The sealed value, or null when the text is not a genuine seal of this purpose. */
  open(purpose: SealPurpose, text: string): unknown {
    const [keyId, body, mac, ...rest] = text.split('.');
    if (keyId === undefined || body === undefined || mac === undefined || rest.length > 0) return null;
    const found = this.keys.find(purpose, Buffer.from(keyId, 'base64url'));
    if (!found) return null;
    const expected = this.mac(found.key, keyId, body);
    const actual = Buffer.from(mac, 'base64url');
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  }

  private mac(key: KeyObject, keyId: string, body: string): Buffer {
    return createHmac('sha256', key).update(`${keyId}.${body}`).digest();
  }
}
