import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { Flow } from '../support/flow.js';
import { decodeJwt, forgeJwt, type ForgedSignature } from '../support/forge.js';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const attacker = {
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
const pem = (key: typeof ec.publicKey): string => key.export({ type: 'spki', format: 'pem' }).toString();
const OWN = { es256: ec.privateKey };

describe.each(ADAPTERS)('an access token on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;
  let header: Record<string, unknown>;
  let claims: Record<string, unknown>;
  let genuine: Awaited<ReturnType<Flow['tokens']>>;
  let rsaKid: unknown;

  beforeAll(async () => {
    server = await startApp({
      adapter,
      options: {
        tokenSigningAlgorithm: 'ES256',
        tokenSigningPrivateKey: ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        tokenSigningAdditionalPublicKeys: [pem(rsa.publicKey)],
      },
    });
    flow = new Flow(server.url);
    genuine = await flow.tokens('alice', { scope: 'openid mcp:read' });
    ({ header, claims } = decodeJwt(genuine.accessToken));
    const jwks = (await (await flow.call(undefined, '/.well-known/jwks.json')).json()) as {
      keys: { kid: string }[];
    };
    rsaKid = jwks.keys[1]?.kid;
  });
  afterAll(() => server.close());

  const now = (): number => Math.floor(Date.now() / 1000);
  const token = (changed: object, changedHeader: object = {}, signature: ForgedSignature = OWN): string =>
    forgeJwt({ ...header, ...changedHeader }, { ...claims, ...changed }, signature);
  const statusOf = async (jwt: string): Promise<number> => (await flow.call(jwt)).status;

  it('that was made as we make them is accepted, so that what follows is refused for its own reason', async () => {
    expect(await statusOf(token({}))).toBe(200);
    expect(await statusOf(token({}, { typ: 'application/AT+JWT' }))).toBe(200);
    expect(await statusOf(token({}, { alg: 'RS256', kid: rsaKid }, { rs256: rsa.privateKey }))).toBe(200);
  });

  it('is refused when its algorithm is none, or not the one of its key', async () => {
    const spki = pem(ec.publicKey);
    const forged = [
      ...['none', 'None', 'NONE', 'nOnE', ''].map((alg) => token({}, { alg }, { none: true })),
      ...[
        spki,
        spki.trim(),
        pem(rsa.publicKey),
        ec.publicKey.export({ type: 'spki', format: 'der' }),
      ].flatMap((hmac) => [
        token({}, { alg: 'HS256' }, { hmac }),
        token({}, { alg: 'HS256', kid: rsaKid }, { hmac }),
      ]),
      token({}, { alg: 'HS256' }, { hmac: JSON.stringify(ec.publicKey.export({ format: 'jwk' })) }),
      token({}, { alg: 'HS256' }, { hmac: '' }),
      token({}, { alg: 'RS256' }, { rs256: attacker.rsa.privateKey }),
      token({}, { alg: 'RS256' }, { rs256: rsa.privateKey }),
      // By our own key, and still not by its algorithm.
      token({}, { alg: 'RS384', kid: rsaKid }, { rs384: rsa.privateKey }),
      token({}, { alg: 'PS256', kid: rsaKid }, { ps256: rsa.privateKey }),
      token({}, { alg: 'ES256', kid: rsaKid }, OWN),
      token({}, { alg: 'RS256' }, OWN),
      token({}, { alg: ['ES256'] }, OWN),
      token({}, {}, { es256: attacker.ec.privateKey }),
    ];
    for (const jwt of forged)
      expect([decodeJwt(jwt).header, await statusOf(jwt)]).toEqual([expect.anything(), 401]);
  });

  it('is refused when its kid names no key of ours, however it is spelled', async () => {
    for (const kid of [
      '../../../dev/null',
      "' or 1=1 --",
      '__proto__',
      'constructor',
      '',
      'x'.repeat(5000),
      7,
      null,
      {},
      undefined,
    ]) {
      expect([kid, await statusOf(token({}, { kid }))]).toEqual([kid, 401]);
    }
  });

  it('brings no key along, and demands nothing that is not understood', async () => {
    const jwk = attacker.ec.publicKey.export({ format: 'jwk' });
    for (const own of [
      { jwk },
      { jwk: { ...jwk, kid: 'mine' }, kid: 'mine' },
      { jku: 'https://evil.example/jwks.json', kid: 'mine' },
      { x5u: 'https://evil.example/cert.pem' },
      { x5c: [pem(attacker.ec.publicKey)] },
    ]) {
      expect([own, await statusOf(token({}, own, { es256: attacker.ec.privateKey }))]).toEqual([own, 401]);
    }
    for (const crit of [['b64'], ['exp'], [], 'b64', null]) {
      expect([crit, await statusOf(token({}, { crit, b64: true }))]).toEqual([crit, 401]);
    }
  });

  it('is nothing but at+jwt: no id_token, refresh token, code or other JWT of ours passes for one', async () => {
    for (const typ of [
      'JWT',
      'logout+jwt',
      'oauth-id-jag+jwt',
      'secevent+jwt',
      'at+jwt ',
      'xat+jwt',
      '',
      null,
      undefined,
    ]) {
      expect([typ, await statusOf(token({}, { typ }))]).toEqual([typ, 401]);
    }
    const { code } = await flow.code('alice', { scope: 'openid mcp:read' });
    for (const other of [String(genuine.answer.body.id_token), genuine.refreshToken, code]) {
      expect(await statusOf(other)).toBe(401);
      expect((await flow.call(other, '/oauth/userinfo')).status).toBe(401);
    }
  });

  it('is for exactly one resource, compared character by character', async () => {
    const aud = String(claims.aud);
    for (const other of [
      [aud],
      [aud, 'https://other.example'],
      `${aud}/`,
      `${aud}-evil`,
      `${aud}/whoami`,
      aud.replace('/mcp/api', '/mcp'),
      aud.replace('/mcp/api', ''),
      aud.toUpperCase(),
      aud.replace('http:', 'https:'),
      aud.replace('localhost', '127.0.0.1'),
      `${aud} ${aud}`,
      '*',
      '',
      {},
      undefined,
    ]) {
      expect([other, await statusOf(token({ aud: other }))]).toEqual([other, 401]);
    }
  });

  it('is of this issuer, character by character', async () => {
    for (const iss of [
      `${server.url}/`,
      server.url.toUpperCase(),
      'https://evil.example',
      [server.url],
      '',
      undefined,
    ]) {
      expect([iss, await statusOf(token({ iss }))]).toEqual([iss, 401]);
    }
  });

  it('lives between its instants, which are whole seconds', async () => {
    for (const exp of [now() - 1, now(), 0, -1, now() + 60.5, 1e300, String(now() + 60), null, undefined]) {
      expect([exp, await statusOf(token({ exp }))]).toEqual([exp, 401]);
    }
    for (const iat of [now() + 120, now() + 0.5, String(now()), undefined]) {
      expect([iat, await statusOf(token({ iat }))]).toEqual([iat, 401]);
    }
    expect(await statusOf(token({ iat: now() + 30 }))).toBe(200);
    // Ours carry none, and what is not understood is not skipped.
    expect(await statusOf(token({ nbf: now() + 3600 }))).toBe(401);
    expect(await statusOf(token({ exp: now() + 2 }))).toBe(200);
  });

  it('has every claim that revocation goes by, in its type', async () => {
    for (const name of ['jti', 'client_id', 'sub', 'scope', 'grant_id', 'grant_created_at']) {
      for (const value of [undefined, null, [], {}, true]) {
        expect([name, value, await statusOf(token({ [name]: value }))]).toEqual([name, value, 401]);
      }
    }
    for (const payload of [[], null, 'x', 7, [claims]]) {
      expect(await statusOf(forgeJwt(header, payload, OWN))).toBe(401);
    }
  });

  it('travels in the Authorization header only, and once', async () => {
    const { accessToken } = genuine;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `access_token=${accessToken}`;
    for (const path of ['/mcp/api/notes', '/oauth/userinfo']) {
      const inBody = await flow.call(undefined, path, { method: 'POST', headers: form, body });
      expect([path, inBody.status]).toEqual([path, 401]);
      for (const query of [`access_token=${accessToken}`, `x=1&ACCESS_TOKEN=${accessToken}`]) {
        expect((await flow.call(undefined, `${path}?${query}`)).status).toBe(400);
        expect((await flow.call(accessToken, `${path}?${query}`)).status).toBe(400);
      }
    }
  });
});
