import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { jwkThumbprint } from '../../keys/jwk.js';
import { errorCode, plainMessage } from '../../maintenance/plain-message.js';
import { CommandFailure } from '../command-failure.js';
import { perform, type CommandGroup } from '../command-group.js';
import { writeJson, writeLine, type Terminal } from '../terminal.js';

interface KeyOptions {
  algorithm: 'HS256' | 'RS256' | 'ES256';
  out?: string;
  json?: boolean;
}

export function addKeys({ parent, terminal }: CommandGroup): void {
  const keys = parent.command('keys').description('Signing keys and secrets');
  const command = keys
    .command('generate')
    .description('Generate a key pair for signing tokens, or with HS256 the secret')
    .addOption(
      new Option('-a, --algorithm <algorithm>', 'of the signature')
        .choices(['ES256', 'RS256', 'HS256'])
        .default('ES256'),
    )
    .option(
      '--out <file>',
      'write what is secret to a new file that only you can read, instead of showing it',
    )
    .option('--json', 'as JSON');
  perform(command, async (options: KeyOptions) =>
    options.algorithm === 'HS256' ? generateSecret(terminal, options) : generateKeyPair(terminal, options),
  );
}

function generateSecret({ stdout, cwd }: Terminal, { out, json }: KeyOptions): void {
  const secret = randomBytes(32).toString('base64url');
  if (out !== undefined) writeSecretFile(resolve(cwd, out), `${secret}\n`);
  const shown = out === undefined ? { secret } : { file: out };
  if (json) return writeJson(stdout, { algorithm: 'HS256', ...shown });
  if (out === undefined) writeLine(stdout, `MCP_HMAC_SECRET=${secret}`);
  else {
    writeLine(
      stdout,
      `The secret is in ${out}. Set MCP_HMAC_SECRET (or the option oauthSecret) to what it holds.`,
    );
  }
}

function generateKeyPair({ stdout, cwd }: Terminal, { algorithm, out, json }: KeyOptions): void {
  const key = newPrivateKey(algorithm);
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const kid = jwkThumbprint(key);
  if (out !== undefined) writeSecretFile(resolve(cwd, out), privateKey);
  if (json) {
    return writeJson(stdout, {
      algorithm,
      kid,
      publicKey,
      ...(out === undefined ? { privateKey } : { file: out }),
    });
  }
  const lines = [
    ...(out === undefined
      ? [privateKey.trimEnd()]
      : [`The private key is in ${out}; keep it out of the repository.`]),
    publicKey.trimEnd(),
    `kid: ${kid}`,
    '',
    'Options of McpAuthModule:',
    `  tokenSigningAlgorithm: '${algorithm}',`,
    `  tokenSigningPrivateKey: ${
      out === undefined
        ? 'the PRIVATE KEY above, from an environment variable or a file'
        : `readFileSync('${out}', 'utf8')`
    },`,
    'Public key and kid follow from it. While you change keys, the former public key goes into',
    'tokenSigningAdditionalPublicKeys until the last token that it signed has expired.',
  ];
  for (const line of lines) writeLine(stdout, line);
}

function newPrivateKey(algorithm: KeyOptions['algorithm']): KeyObject {
  return algorithm === 'RS256'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function writeSecretFile(path: string, content: string): void {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new CommandFailure(
      errorCode(error) === 'EEXIST'
        ? `${path} exists already and is not overwritten.`
        : `${path} cannot be written: ${plainMessage(error)}`,
    );
  }
}
