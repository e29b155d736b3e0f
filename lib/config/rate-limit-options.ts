/** Endpoints whose requests are counted. */
export const RATE_LIMITED_ENDPOINTS: readonly RateLimitedEndpoint[] = [
  'authorize',
  'approve',
  'token',
  'register',
  'revoke',
  'introspect',
];
/** An endpoint whose requests are counted. */
export type RateLimitedEndpoint = 'authorize' | 'approve' | 'token' | 'register' | 'revoke' | 'introspect';

/** How many requests an endpoint answers within a minute before it says 429. */
export interface RateLimit {
  /** From one client at one address. */
  perClient?: number;
  /**
   * From one address, whatever clients it names. Keep it well above `perClient`: hosted MCP clients send the requests of
   * many people from few addresses.
   */
  perAddress?: number;
}

/**
 * Where requests are counted: the storage interface of `@nestjs/throttler` 6, whose own and whose Redis storages fit.
 *
 * @example
 * McpAuthModule.forRootAsync({
 *   imports: [ThrottlerModule.forRoot({ throttlers: [], storage: new ThrottlerStorageRedisService(redisUrl) })],
 *   inject: [ThrottlerStorage],
 *   useFactory: (storage: ThrottlerStorage) => ({ ...options, rateLimits: { storage } }),
 * });
 */
export interface RateLimitStorage {
  /**
   * Counts one request.
   *
   * @param ttl milliseconds that the request counts
   * @param limit how many may come within that time
   * @param blockDuration milliseconds of refusal once there were more
   */
  increment(
    key: string,
    ttl: number,
    limit: number,
    blockDuration: number,
    throttlerName: string,
  ): Promise<RateLimitRecord>;
}

/** What a storage knows after it counted a request. */
export interface RateLimitRecord {
  /** Requests within the time, this one included. */
  totalHits: number;
  /** Seconds until the count begins anew. */
  timeToExpire: number;
  /** Whether this request is one too many. */
  isBlocked: boolean;
  /** Seconds until requests are answered again. */
  timeToBlockExpire: number;
}

/** Limits of the OAuth endpoints: requests a minute, by client and address, and by address. */
export interface RateLimitOptions {
  /** Default: true. */
  enabled?: boolean;
  /** Default: the memory of this process, so that each instance counts for itself. */
  storage?: RateLimitStorage;
  /** Default: 120 and 1200. */
  authorize?: RateLimit;
  /** Default: 120 and 1200. */
  approve?: RateLimit;
  /** Default: 1200 and 6000. */
  token?: RateLimit;
  /** The client is told by its redirect URIs. Default: 300 and 600. */
  register?: RateLimit;
  /** Default: 1200 and 6000. */
  revoke?: RateLimit;
  /** Default: 6000 and 12000. */
  introspect?: RateLimit;
}
