import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET, startApp } from '../support/app.js';
import { CommandLine } from './support/command-line.js';

interface Generated {
  algorithm: string;
  kid: string;
  privateKey: string;
  publicKey: string;
}

/** RFC 7638, by hand. */
function thumbprint(key: KeyObject): string {
  const { kty, crv, x, y, e, n } = key.export({ format: 'jwk' });
  const members = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

describe('mcp-auth keys generate', () => {
  let line: CommandLine;

  beforeAll(async () => {
    line = await CommandLine.create();
  });
  afterAll(() => line.remove());

  it.each(['ES256', 'RS256'] as const)(
    'makes an %s pair that the module signs with, under its thumbprint',
    async (algorithm) => {
      const { code, stdout } = await line.run(['keys', 'generate', '--algorithm', algorithm, '--json']);
      expect(code).toBe(0);
      const generated = JSON.parse(stdout) as Generated;
      const publicKey = createPublicKey(generated.publicKey);
      expect(generated.kid).toBe(thumbprint(publicKey));
      const server = await startApp({
        options: {
          oauthSecret: SECRET,
          tokenSigningAlgorithm: algorithm,
          tokenSigningPrivateKey: generated.privateKey,
        },
      });
      const response = await fetch(`${server.url}/.well-known/jwks.json`);
      const { keys } = (await response.json()) as { keys: { kid: string; alg: string }[] };
      expect(keys).toEqual([expect.objectContaining({ kid: generated.kid, alg: algorithm })]);
      await server.close();
    },
  );

  it('shows keys, kid and where they go, ES256 unless told otherwise', async () => {
    const { code, stdout } = await line.run(['keys', 'generate']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n-----BEGIN PUBLIC KEY-----/,
    );
    expect(stdout).toMatch(/^kid: [\w-]{43}$/m);
    expect(stdout).toContain("tokenSigningAlgorithm: 'ES256'");
  });

  it('gives a secret for HS256, another one each time', async () => {
    const secretOf = async (): Promise<string | undefined> =>
      /^MCP_HMAC_SECRET=([\w-]{43})\n$/.exec(
        (await line.run(['keys', 'generate', '-a', 'HS256'])).stdout,
      )?.[1];
    const first = await secretOf();
    expect(first).toBeDefined();
    expect(await secretOf()).not.toBe(first);
  });

  it('writes to a file that only its owner reads, shows nothing secret, and overwrites nothing', async () => {
    for (const algorithm of ['ES256', 'HS256']) {
      const file = `${algorithm}.secret`;
      const { code, stdout } = await line.run(['keys', 'generate', '-a', algorithm, '--out', file]);
      expect(code).toBe(0);
      const content = await readFile(join(line.folder, file), 'utf8');
      expect((await stat(join(line.folder, file))).mode & 0o777).toBe(0o600);
      expect(stdout).not.toContain('PRIVATE KEY');
      expect(stdout).not.toContain(content.trim());
      const again = await line.run(['keys', 'generate', '-a', algorithm, '--out', file]);
      expect(again).toMatchObject({ code: 1, stdout: '' });
      expect(again.stderr).toContain('exists already and is not overwritten');
      expect(await readFile(join(line.folder, file), 'utf8')).toBe(content);
    }
    const nowhere = await line.run(['keys', 'generate', '--out', 'no/such/folder/key.pem']);
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toMatch(/^error: .*key\.pem cannot be written: ENOENT.*\n$/);
  });
});
