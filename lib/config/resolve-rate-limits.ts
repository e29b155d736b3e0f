import type { McpAuthConfig } from './mcp-auth-config.js';
import type { McpAuthOptions } from './mcp-auth-options.js';
import { RATE_LIMITED_ENDPOINTS, type RateLimit, type RateLimitedEndpoint } from './rate-limit-options.js';

/**
 * Generous: they stop a flood, and nothing behind these endpoints can be guessed. Hosted MCP clients send the requests of
 * all their users from a few addresses, some of them under one client_id.
 */
const DEFAULTS: Record<RateLimitedEndpoint, Required<RateLimit>> = {
  authorize: { perClient: 120, perAddress: 1200 },
  approve: { perClient: 120, perAddress: 1200 },
  token: { perClient: 1200, perAddress: 6000 },
  register: { perClient: 300, perAddress: 600 },
  revoke: { perClient: 1200, perAddress: 6000 },
  introspect: { perClient: 6000, perAddress: 12_000 },
};

export function resolveRateLimits(options: McpAuthOptions, problems: string[]): McpAuthConfig['rateLimits'] {
  const given = options.rateLimits ?? {};
  if (given.storage !== undefined && typeof given.storage.increment !== 'function') {
    problems.push('rateLimits.storage must have the method increment() of a ThrottlerStorage');
  }
  const limits = Object.fromEntries(
    RATE_LIMITED_ENDPOINTS.map((endpoint) => {
      const limit = { ...DEFAULTS[endpoint], ...given[endpoint] };
      if (limit.perAddress < limit.perClient) {
        problems.push(
          `rateLimits.${endpoint}.perAddress is ${limit.perAddress}, less than perClient (${limit.perClient}): one client would lock out all others at its address`,
        );
      }
      return [endpoint, limit];
    }),
  ) as Record<RateLimitedEndpoint, Required<RateLimit>>;
  return Object.freeze({ enabled: given.enabled ?? true, storage: given.storage, limits });
}
