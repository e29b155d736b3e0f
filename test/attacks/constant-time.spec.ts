import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as crypto from 'node:crypto';
import type { ClientAuthenticator as Authenticator } from '../../lib/clients/client-authenticator.js';
import type { Client } from '../../lib/clients/client.js';
import { parseQuery } from '../../lib/http/parameters.js';

const timingSafeEqual = jest.fn(crypto.timingSafeEqual);
jest.unstable_mockModule('node:crypto', () => ({ ...crypto, timingSafeEqual }));

/** Byte by byte, in constant time, and over digests or MACs: never over what somebody sent. */
describe('comparisons of secrets', () => {
  beforeEach(() => void timingSafeEqual.mockClear());

  describe('of clients', () => {
    let authenticator: Authenticator;
    const known = {
      clientId: 'known',
      secretDigest: crypto.createHash('sha256').update('right').digest('hex'),
    } as Client;

    beforeAll(async () => {
      const { ClientAuthenticator } = await import('../../lib/clients/client-authenticator.js');
      authenticator = new ClientAuthenticator(
        { find: (id: string) => Promise.resolve(id === 'known' ? known : null) } as never,
        { record: () => undefined } as never,
        { tokenEndpointAuthMethods: ['client_secret_post', 'none'] } as never,
      );
    });

    it.each([
      ['a right secret', 'client_id=known&client_secret=right', true],
      ['a wrong secret', 'client_id=known&client_secret=wrong', false],
      ['no secret', 'client_id=known', false],
      ['an unknown client', 'client_id=nobody&client_secret=right', false],
      ['an unknown client without a secret', 'client_id=nobody', false],
    ])('are made once, over two digests, for %s', async (_, body, isAccepted) => {
      const attempt = authenticator.authenticate({}, parseQuery(body)).then(
        () => true,
        () => false,
      );
      expect(await attempt).toBe(isAccepted);
      expect(
        timingSafeEqual.mock.calls.map((operands) => operands.map(({ byteLength }) => byteLength)),
      ).toEqual([[32, 32]]);
    });
  });

  it('of codes and refresh tokens are made over MACs', async () => {
    const { DerivedKeys } = await import('../../lib/keys/derived-keys.js');
    const { HandleCodec } = await import('../../lib/keys/handle-codec.js');
    const codec = new HandleCodec(new DerivedKeys('a secret of the tests, long enough'));
    const code = codec.encode('authorization-code', { grantId: crypto.randomUUID(), generation: 0 });
    expect(codec.decode('authorization-code', code)).not.toBeNull();
    expect(codec.decode('authorization-code', `${code.slice(0, -2)}AA`)).toBeNull();
    expect(timingSafeEqual).toHaveBeenCalledTimes(2);
  });

  it('of consent tickets and login markers are made over MACs', async () => {
    const { DerivedKeys } = await import('../../lib/keys/derived-keys.js');
    const { Sealer } = await import('../../lib/keys/sealer.js');
    const sealer = new Sealer(new DerivedKeys('a secret of the tests, long enough'));
    for (const purpose of ['consent-ticket', 'login-marker'] as const) {
      const sealed = sealer.seal(purpose, { x: 1 });
      expect(sealer.open(purpose, sealed)).toEqual({ x: 1 });
      const [id, body, mac = ''] = sealed.split('.');
      const wrong = mac.startsWith('A') ? `B${mac.slice(1)}` : `A${mac.slice(1)}`;
      expect(sealer.open(purpose, `${id}.${body}.${wrong}`)).toBeNull();
    }
    expect(timingSafeEqual).toHaveBeenCalledTimes(4);
  });

  it('of verifiers are made over their hashes', async () => {
    const { verifyCodeChallenge } = await import('../../lib/clients/pkce.js');
    const verifier = 'v'.repeat(43);
    const challenge = crypto.createHash('sha256').update(verifier).digest('base64url');
    expect(verifyCodeChallenge(verifier, challenge)).toBe(true);
    expect(verifyCodeChallenge('w'.repeat(43), challenge)).toBe(false);
    expect(timingSafeEqual).toHaveBeenCalledTimes(2);
  });
});
