import { createHash } from 'node:crypto';

/** Lower-case hex SHA-256: the only form in which strings that somebody else chose are looked up. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
