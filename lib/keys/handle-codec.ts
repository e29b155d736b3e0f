import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { DerivedKeys } from './derived-keys.js';

/** An authorization code, or a refresh token. */
export type HandlePurpose = 'authorization-code' | 'refresh-token';

/** What a handle says: which grant, and which generation of its refresh token (0 for a code). */
export interface Handle {
  grantId: string;
  generation: number;
}

const VERSION = 1;
const PURPOSE_BYTE: Record<HandlePurpose, number> = { 'authorization-code': 1, 'refresh-token': 2 };
// version, key id, purpose, grant id, generation
const HEAD_BYTES = 1 + 4 + 1 + 16 + 4;
const MAC_BYTES = 32;
const LENGTH = Math.ceil(((HEAD_BYTES + MAC_BYTES) * 4) / 3);

/** Injection token of the {@link HandleCodec}: a symbol, so that two copies of this package share one. */
export const HANDLE_CODEC = Symbol.for('nestjs-mcp-auth:handle-codec');

/**
 * Codes and refresh tokens are authenticated, not stored: `base64url(version, key id, purpose, grant id, generation,
 * HMAC-SHA-256)`. A forged one is refused before any query, a leaked database holds none, and the same successor can
 * be computed again for a client that asks twice.
 */
export class HandleCodec {
  constructor(private readonly keys: DerivedKeys) {}

  encode(purpose: HandlePurpose, handle: Handle): string {
    const { id, key } = this.keys.current(purpose);
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt8(VERSION, 0);
    id.copy(head, 1);
    head.writeUInt8(PURPOSE_BYTE[purpose], 5);
    Buffer.from(handle.grantId.replaceAll('-', ''), 'hex').copy(head, 6);
    head.writeUInt32BE(handle.generation, 22);
    return Buffer.concat([head, this.mac(key, head)]).toString('base64url');
  }

  /** The handle, or null when `text` was not made by {@link encode} for this purpose. */
  decode(purpose: HandlePurpose, text: string): Handle | null {
    if (text.length !== LENGTH) return null;
    const bytes = Buffer.from(text, 'base64url');
    // The last character has spare bits: only one spelling of a handle is the handle.
    if (bytes.toString('base64url') !== text) return null;
    const head = bytes.subarray(0, HEAD_BYTES);
    if (head.readUInt8(0) !== VERSION || head.readUInt8(5) !== PURPOSE_BYTE[purpose]) return null;
    const found = this.keys.find(purpose, head.subarray(1, 5));
    if (!found || !timingSafeEqual(this.mac(found.key, head), bytes.subarray(HEAD_BYTES))) return null;
    const hex = head.toString('hex', 6, 22);
    return {
      grantId: [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
        '-',
      ),
      generation: head.readUInt32BE(22),
    };
  }

  private mac(key: KeyObject, head: Buffer): Buffer {
    return createHmac('sha256', key).update(head).digest();
  }
}
