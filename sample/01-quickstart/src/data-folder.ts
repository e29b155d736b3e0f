import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const DATA_FOLDER = '.data';

/**
 * The content of a file, made on first use. Several processes may start at once: each writes a file of its own and links
 * it into place, which only the first can do; all of them then read the same one.
 */
export function readOrCreate(name: string, create: () => string): string {
  mkdirSync(DATA_FOLDER, { recursive: true });
  const path = join(DATA_FOLDER, name);
  const read = (): string => readFileSync(path, 'utf8');
  try {
    return read();
  } catch {
    const own = join(DATA_FOLDER, `${name}.${randomUUID()}`);
    writeFileSync(own, create(), { mode: 0o600 });
    try {
      linkSync(own, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(own);
    }
    return read();
  }
}

export function hmacSecret(): string {
  return (
    process.env.MCP_HMAC_SECRET || readOrCreate('hmac-secret', () => randomBytes(32).toString('base64url'))
  );
}

export function signingKey(): string {
  return readOrCreate('signing-key.pem', () =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  );
}
