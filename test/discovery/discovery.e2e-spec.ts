import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPublicKey, createVerify, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { Flow } from '../support/flow.js';

const pem = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

describe.each(ADAPTERS)('discovery on %s', (adapter) => {
  let server: TestApp;
  let flow: Flow;
  const get = async (path: string): Promise<[number, Record<string, unknown>]> => {
    const response = await fetch(`${server.url}${path}`);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    return [response.status, (await response.json()) as Record<string, unknown>];
  };

  beforeAll(async () => {
    server = await startApp({
      adapter,
      options: { tokenSigningAlgorithm: 'ES256', tokenSigningPrivateKey: pem() },
      prepare: (app) => {
        app.setGlobalPrefix('api');
        app.enableVersioning({ type: 0, defaultVersion: '1' } as never);
      },
      extras: {},
    });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  it('stays at the root in spite of a global prefix and versions', async () => {
    const [status, resource] = await get('/.well-known/oauth-protected-resource/mcp/api');
    expect(status).toBe(200);
    expect(resource).toMatchObject({
      resource: `${server.url}/mcp/api`,
      authorization_servers: [server.url],
      scopes_supported: ['mcp:read', 'mcp:write'],
      resource_documentation: `${server.url}/mcp/api/docs`,
    });
    const [, metadata] = await get('/.well-known/oauth-authorization-server');
    expect(metadata).toMatchObject({
      issuer: server.url,
      token_endpoint: `${server.url}/oauth/token`,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
    expect((await get('/.well-known/openid-configuration'))[1]).toEqual(metadata);
  });

  it('answers unknown resources and issuers with a JSON 404', async () => {
    for (const path of [
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-protected-resource/other/x',
      '/.well-known/oauth-authorization-server/tenant',
      '/.well-known/openid-configuration/tenant',
    ]) {
      expect((await get(path))[0]).toBe(404);
    }
  });

  it('publishes the key that verifies id_tokens, which carry nonce, at_hash and the claims of their scopes', async () => {
    const { answer, accessToken } = await flow.tokens('alice', {
      scope: 'openid email mcp:read',
      nonce: 'n-1',
    });
    const [, { keys }] = await get('/.well-known/jwks.json');
    const [head = '', body = '', signature = ''] = String(answer.body.id_token).split('.');
    const decoded = (part: string): Record<string, unknown> =>
      JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    const key = (keys as (JsonWebKey & { kid: string })[]).find(({ kid }) => kid === decoded(head).kid);
    expect(key).not.toHaveProperty('d');
    const verified = createVerify('sha256')
      .update(`${head}.${body}`)
      .verify(
        { key: createPublicKey({ key: key ?? {}, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      );
    expect(verified).toBe(true);
    const claims = decoded(body);
    expect(claims).toMatchObject({ iss: server.url, sub: 'alice', nonce: 'n-1', email: 'alice@example.com' });
    expect(claims.email_verified).toBe(true);
    expect(claims).toHaveProperty('at_hash');
    expect(claims).not.toHaveProperty('name');
    // An id_token is not an access token.
    expect((await flow.call(String(answer.body.id_token), '/oauth/userinfo')).status).toBe(401);
    expect(await (await flow.call(accessToken, '/oauth/userinfo')).json()).toEqual({
      sub: 'alice',
      email: 'alice@example.com',
      email_verified: true,
    });
    const { accessToken: plain } = await flow.tokens('alice', { scope: 'mcp:read' });
    expect((await flow.call(plain, '/oauth/userinfo')).status).toBe(403);
  });
});

describe('an issuer with a path', () => {
  it('has all three forms of its metadata, and the root answers for nobody else', async () => {
    const port = await import('../support/app.js').then(({ freePort }) => freePort());
    const server = await startApp({
      extras: { routePrefix: '/tenant1' },
      options: { serverUrl: `http://localhost:${port}/tenant1` },
    });
    const status = async (path: string): Promise<number> => (await fetch(`${server.url}${path}`)).status;
    expect(await status('/.well-known/oauth-authorization-server/tenant1')).toBe(200);
    expect(await status('/.well-known/openid-configuration/tenant1')).toBe(200);
    expect(await status('/tenant1/.well-known/openid-configuration')).toBe(200);
    expect(await status('/.well-known/oauth-protected-resource/tenant1/mcp/api')).toBe(200);
    expect(await status('/.well-known/oauth-authorization-server')).toBe(404);
    expect(await status('/.well-known/openid-configuration')).toBe(404);
    await server.close();
  });
});

describe('the documentation of the resource', () => {
  it.each([
    [{}, '/mcp/api/docs'],
    [{ mcpServerPath: '/tools' }, '/tools/docs'],
    [{ mcpDocsUrl: 'help' }, '/help'],
    [{ mcpDocsUrl: '/help/mcp' }, '/help/mcp'],
    [{ mcpDocsUrl: 'https://docs.example.com/mcp' }, 'https://docs.example.com/mcp'],
  ])('with %j is at %s', async (options, expected) => {
    const server = await startApp({ options });
    const document = (await (
      await fetch(`${server.url}/.well-known/oauth-protected-resource`)
    ).json()) as Record<string, unknown>;
    expect(document.resource_documentation).toBe(new URL(expected, server.url).href);
    await server.close();
  });
});

describe('a configuration that cannot work', () => {
  it.each([
    [
      { production: true, serverUrl: 'https://h.example', oauthSecret: 'short' },
      /oauthSecret is shorter.*MCP_HMAC_SECRET/,
    ],
    [{ production: true, serverUrl: 'http://h.example' }, /serverUrl .*https/],
    [{ tokenSigningAlgorithm: 'ES256' as const }, /tokenSigningPrivateKey/],
    [
      { tokenSigningAlgorithm: 'ES256' as const, tokenSigningPrivateKey: 'x' },
      /tokenSigningPrivateKey is not the PEM/,
    ],
    [{ tokenSigningAlgorithm: 'RS256' as const, tokenSigningPrivateKey: pem() }, /is a key for ES256/],
    [
      { tokenSigningAlgorithm: 'ES256' as const, tokenSigningPrivateKey: pem(), tokenSigningPublicKey: 'x' },
      /tokenSigningPublicKey is not the PEM/,
    ],
    [
      {
        tokenSigningAlgorithm: 'ES256' as const,
        tokenSigningPrivateKey: pem(),
        tokenSigningPublicKey: createPublicKey(pem()).export({ type: 'spki', format: 'pem' }).toString(),
      },
      /tokenSigningPublicKey does not belong to tokenSigningPrivateKey/,
    ],
    [{ openIdConnect: true }, /openIdConnect needs/],
    [{ mcpServerPath: 'mcp' }, /mcpServerPath must look like/],
    [{ mcpServerPath: '' }, /mcpServerPath must look like/],
    [
      { production: true, serverUrl: 'https://h.example', oauthSecret: 'a'.repeat(40) },
      /oauthSecret repeats/,
    ],
    [{ oauthSecert: 'x' } as object, /oauthSecert is not an option/],
    [{ useCustomConsentView: true, consentViewPath: 'nowhere.hbs' }, /consentViewPath/],
    [{ serverUrl: 'http://localhost:1/tenant' }, /routePrefix: '\/tenant'/],
  ])('stops the boot and names the option (%#)', async (options, message) => {
    await expect(startApp({ options })).rejects.toThrow(message);
  });
});
