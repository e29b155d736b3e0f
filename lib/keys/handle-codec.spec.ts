import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DerivedKeys } from './derived-keys.js';
import { HandleCodec } from './handle-codec.js';
import { Sealer } from './sealer.js';

const SECRET = 'a secret that is long enough for this test';
const codec = new HandleCodec(new DerivedKeys(SECRET));
const generation = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('handles', () => {
  it('come back as they were made', () => {
    fc.assert(
      fc.property(fc.uuid(), generation, (grantId, number) => {
        const text = codec.encode('refresh-token', { grantId, generation: number });
        expect(codec.decode('refresh-token', text)).toEqual({ grantId, generation: number });
      }),
    );
  });

  it('of one purpose are not those of another', () => {
    fc.assert(
      fc.property(fc.uuid(), (grantId) => {
        const code = codec.encode('authorization-code', { grantId, generation: 0 });
        expect(codec.decode('refresh-token', code)).toBeNull();
      }),
    );
  });

  it('are refused with any one character changed, added or taken away', () => {
    const text = codec.encode('refresh-token', {
      grantId: '2f1f5a3e-6f0b-4a0e-9c33-0d2f6a1b7c8d',
      generation: 7,
    });
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'ABCabc019-_=+/ '), (index, character) => {
        const changed = text.slice(0, index) + character + text.slice(index + 1);
        fc.pre(changed !== text);
        expect(codec.decode('refresh-token', changed)).toBeNull();
      }),
    );
    expect(codec.decode('refresh-token', `${text}A`)).toBeNull();
    expect(codec.decode('refresh-token', text.slice(0, -1))).toBeNull();
  });

  it('never make the decoder throw', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 120 }), (text) => {
        expect(codec.decode('authorization-code', text)).toBeNull();
      }),
    );
  });

  it('survive a change of the secret while the former one is still listed', () => {
    const rolled = new HandleCodec(new DerivedKeys('another secret, long enough as well', [SECRET]));
    const handle = { grantId: '2f1f5a3e-6f0b-4a0e-9c33-0d2f6a1b7c8d', generation: 1 };
    expect(rolled.decode('refresh-token', codec.encode('refresh-token', handle))).toEqual(handle);
    expect(codec.decode('refresh-token', rolled.encode('refresh-token', handle))).toBeNull();
  });
});

describe('seals', () => {
  const sealer = new Sealer(new DerivedKeys(SECRET));

  it('open for their own purpose only', () => {
    const text = sealer.seal('consent-ticket', { user: 'ä🚀' });
    expect(sealer.open('consent-ticket', text)).toEqual({ user: 'ä🚀' });
    expect(sealer.open('login-marker', text)).toBeNull();
  });

  it('do not open when anything was changed', () => {
    const [id, body, mac] = sealer.seal('consent-ticket', { user: 'alice' }).split('.');
    const other = Buffer.from('{"user":"mallory"}').toString('base64url');
    for (const text of [
      `${id}.${other}.${mac}`,
      `${id}.${body}.`,
      `${id}.${body}`,
      '',
      '..',
      `x.${body}.${mac}`,
    ]) {
      expect(sealer.open('consent-ticket', text)).toBeNull();
    }
  });
});
