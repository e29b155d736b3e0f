import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_SCOPES, ScopeRegistry } from '../config/scope-registry.js';
import { OAuthError } from '../http/oauth-error.js';
import { checkRedirectUri } from './redirect-uri.js';
import { parseRegistration, type RegistrationRequest } from './registration-request.js';

const config = {
  scopes: new ScopeRegistry(DEFAULT_SCOPES, []),
  tokenEndpointAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'] as const,
};

const anything = fc.oneof(fc.anything({ maxDepth: 2 }), fc.string({ unit: 'binary' }));
const goodUri = fc.oneof(
  fc.webUrl({ validSchemes: ['https'] }),
  fc.constantFrom('http://localhost/cb', 'cursor://x/cb'),
);
const badUri = fc.oneof(
  fc.webUrl({ validSchemes: ['http'] }),
  fc.constantFrom('javascript:x', 'https://u@h/', ''),
);
const uri = fc.oneof({ weight: 20, arbitrary: goodUri }, { weight: 1, arbitrary: badUri });
const or = <T>(fitting: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 20, arbitrary: fitting }, { weight: 1, arbitrary: anything });

/** Bodies that are nearly right: every member is missing, fitting or anything at all. */
const body: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    client_name: or(fc.string({ unit: 'grapheme' })),
    client_uri: or(uri),
    redirect_uris: or(
      fc.oneof(
        fc.array(uri, { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(goodUri, { minLength: 18, maxLength: 22 }),
      ),
    ),
    grant_types: or(
      fc.constantFrom(['authorization_code'], ['authorization_code', 'refresh_token'], ['implicit'], []),
    ),
    response_types: or(fc.constantFrom(['code'], ['code'], ['code', 'token'])),
    token_endpoint_auth_method: or(fc.constantFrom('none', 'client_secret_basic', 'private_key_jwt')),
    scope: or(fc.constantFrom('mcp:read', 'mcp:read admin', '')),
    application_type: or(fc.constantFrom('native', 'web')),
    isVerified: anything,
    ['__proto__']: anything,
  },
  { requiredKeys: ['redirect_uris'], noNullPrototype: false },
);

/** The request, or the error. */
function parsed(metadata: Record<string, unknown>): RegistrationRequest | OAuthError {
  try {
    return parseRegistration(metadata, config);
  } catch (error) {
    if (error instanceof OAuthError) return error;
    throw error;
  }
}

describe('a registration (RFC 7591)', () => {
  it('is a client within its limits, or an error of the RFC', () => {
    let accepted = 0;
    fc.assert(
      fc.property(body, (metadata) => {
        const result = parsed(metadata);
        if (result instanceof OAuthError) {
          expect(result.status).toBe(400);
          expect(['invalid_client_metadata', 'invalid_redirect_uri']).toContain(result.code);
          // It repeats no value: that may be anything.
          expect(result.description).toMatch(/^[\w .,[\]():"-]+$/);
          return;
        }
        accepted++;
        expect(Object.keys(result).sort()).toEqual([
          ...['applicationType', 'clientName', 'clientUri', 'grantTypes', 'redirectUris', 'scope'],
          'tokenEndpointAuthMethod',
        ]);
        expect(result.redirectUris.length).toBeGreaterThan(0);
        expect(result.redirectUris.length).toBeLessThanOrEqual(20);
        expect(result.redirectUris.map(checkRedirectUri)).toEqual(result.redirectUris.map(() => null));
        expect([...result.clientName].length).toBeLessThanOrEqual(100);
        expect(result.grantTypes).toContain('authorization_code');
        expect(config.tokenEndpointAuthMethods).toContain(result.tokenEndpointAuthMethod);
        for (const scope of result.scope.split(' ')) expect(config.scopes.has(scope)).toBe(true);
        if (result.clientUri !== null) expect(result.clientUri).toMatch(/^https?:\/\//);
        expect(JSON.stringify(result)).not.toMatch(/\0|\\ud[89a-f]/);
      }),
      { numRuns: 2000 },
    );
    // Otherwise the property would be about errors alone.
    expect(accepted).toBeGreaterThan(100);
  });

  it('comes to the same when what was understood is registered again', () => {
    fc.assert(
      fc.property(body, (metadata) => {
        const first = parsed(metadata);
        fc.pre(!(first instanceof OAuthError));
        const again = parsed({
          client_name: first.clientName,
          client_uri: first.clientUri,
          redirect_uris: first.redirectUris,
          grant_types: first.grantTypes,
          token_endpoint_auth_method: first.tokenEndpointAuthMethod,
          scope: first.scope,
          application_type: first.applicationType,
        });
        expect(again).toEqual(first);
      }),
    );
  });

  it('keeps a page with an international host, however many came before', () => {
    const metadata = { redirect_uris: ['https://client.example/cb'], client_uri: 'https://café.example/' };
    const pages = Array.from({ length: 20_000 }, () => parseRegistration(metadata, config).clientUri);
    expect([...new Set(pages)]).toEqual(['https://xn--caf-dma.example/']);
  });
});
