import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { algorithmOf, parsePrivateKey, parsePublicKey, UnusableKeyError } from './asymmetric-key.js';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

describe('a signing key', () => {
  it('has one algorithm', () => {
    expect(algorithmOf(rsa(2048).publicKey)).toBe('RS256');
    expect(algorithmOf(ec('P-256').privateKey)).toBe('ES256');
  });

  it.each([
    ['an RSA key that is too short', rsa(1024).publicKey],
    ['a key on another curve', ec('P-384').publicKey],
    ['a key on the curve of coins', ec('secp256k1').publicKey],
    ['an Edwards key', generateKeyPairSync('ed25519').publicKey],
  ])('is never %s', (_, key) => {
    expect(() => algorithmOf(key)).toThrow(UnusableKeyError);
  });

  it.each(['', 'x', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'A'.repeat(1_000_000)])(
    'is refused without its content when it cannot be read',
    (pem) => {
      for (const parse of [parsePrivateKey, parsePublicKey]) {
        expect(() => parse(pem)).toThrow(UnusableKeyError);
        expect(() => parse(pem)).not.toThrow(/AAAA/);
      }
    },
  );

  it('does not stand where a public one belongs', () => {
    const pem = ec('P-256').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => parsePublicKey(pem)).toThrow('is a private key; give the public one');
  });
});
