import type { McpAuthConfig, ProtectedResource } from '../config/mcp-auth-config.js';
import type { KeyRing } from '../keys/key-ring.js';

/** Protected resource metadata (RFC 9728, section 2). */
export function protectedResourceMetadata(
  config: McpAuthConfig,
  resource: ProtectedResource,
  resourceUrl = resource.url,
): Record<string, unknown> {
  return {
    resource: resourceUrl,
    authorization_servers: [config.issuer],
    scopes_supported: config.scopes.resourceKeys,
    bearer_methods_supported: ['header'],
    ...(resource.name !== undefined && { resource_name: resource.name }),
    resource_documentation: resource.documentationUrl,
    resource_parameter_supported: true,
    authorization_response_iss_parameter_supported: true,
  };
}

/** Authorization server metadata (RFC 8414, section 2). */
export function authorizationServerMetadata(config: McpAuthConfig, keys: KeyRing): Record<string, unknown> {
  const { endpoints } = config;
  // Revocation and introspection know the same clients, public ones included.
  const authMethods = config.tokenEndpointAuthMethods;
  const hasOpenId = config.scopes.has('openid');
  return {
    issuer: config.issuer,
    authorization_endpoint: endpoints.authorize,
    token_endpoint: endpoints.token,
    ...(config.dynamicClientRegistration && { registration_endpoint: endpoints.register }),
    revocation_endpoint: endpoints.revoke,
    introspection_endpoint: endpoints.introspect,
    jwks_uri: endpoints.jwks,
    ...(hasOpenId && { userinfo_endpoint: endpoints.userinfo }),
    scopes_supported: config.scopes.keys,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: authMethods,
    revocation_endpoint_auth_methods_supported: authMethods,
    introspection_endpoint_auth_methods_supported: authMethods,
    resource_parameter_supported: true,
    authorization_response_iss_parameter_supported: true,
    require_pushed_authorization_requests: false,
    require_signed_request_object: false,
    protected_resources: config.resources.map(({ url }) => url),
    prompt_values_supported: ['none', 'login', 'consent'],
    ...(hasOpenId && openIdMembers(keys)),
  };
}

/** OpenID provider metadata (OpenID Connect Discovery, section 3): the same document, so that all variants agree. */
export function openIdConfiguration(config: McpAuthConfig, keys: KeyRing): Record<string, unknown> {
  return { ...authorizationServerMetadata(config, keys), ...openIdMembers(keys) };
}

function openIdMembers(keys: KeyRing): Record<string, unknown> {
  return {
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [keys.signingKey?.algorithm ?? 'HS256'],
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'nonce',
      'email',
      'email_verified',
      'name',
    ],
  };
}
