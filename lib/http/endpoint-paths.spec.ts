import { describe, expect, it } from '@jest/globals';
import { EndpointPaths } from './endpoint-paths.js';

const paths = new EndpointPaths({ routePrefix: '/tenant' });

describe('a path of the module as it is advertised', () => {
  it.each([
    '/tenant/oauth/token',
    '/tenant/oauth/approve',
    '/.well-known/oauth-protected-resource',
    '/.well-known/oauth-protected-resource/tenant/api/v1/mcp',
    '/tenant/.well-known/openid-configuration',
  ])('is %s', (path) => expect(paths.isAdvertised(path)).toBe(true));

  it.each([
    '/oauth/token',
    '/tenant/oauth/token/',
    '/tenant/OAuth/token',
    '/tenant/oauth/%74oken',
    '/tenant/oauth/token/../../transfer',
    '/.well-known/oauth-protected-resource/../../transfer',
    '/.well-known/oauth-protected-resource/%2e%2e/transfer',
    '/.well-known/OAuth-Protected-Resource',
    '/.well-known/other',
  ])('is not %s', (path) => expect(paths.isAdvertised(path)).toBe(false));
});
