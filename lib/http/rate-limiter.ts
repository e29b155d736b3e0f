import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { AuditLog } from '../config/audit-log.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../config/mcp-auth-config.js';
import type { RateLimitedEndpoint, RateLimitRecord } from '../config/rate-limit-options.js';
import { sha256Hex } from '../storage/hash.js';
import type { HttpExchange } from './http-exchange.js';
import { MemoryRateLimitStorage } from './memory-rate-limit-storage.js';
import { networkAddress } from './network-address.js';
import { OAuthError } from './oauth-error.js';

const WINDOW_MS = 60_000;
const STORAGE_TIMEOUT_MS = 1000;

/**
 * Limits how often an endpoint is asked: by client and address first, then by address. A request that its client's limit
 * refuses does not count for the address, so one client that runs wild does not lock out the others behind its address.
 */
@Injectable()
export class RateLimiter {
  private readonly logger = new Logger('McpAuth');
  private readonly storage;

  constructor(
    private readonly audit: AuditLog,
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
  ) {
    this.storage = config.rateLimits.storage ?? new MemoryRateLimitStorage();
  }

  /**
   * Counts a request.
   *
   * @param client what the request says its client is; nothing has been verified yet
   * @throws {OAuthError} 429 with Retry-After (RFC 6585, section 4)
   */
  async spend(
    endpoint: RateLimitedEndpoint,
    exchange: HttpExchange,
    client: string | undefined,
  ): Promise<void> {
    if (!this.config.rateLimits.enabled) return;
    const { perClient, perAddress } = this.config.rateLimits.limits[endpoint];
    const address = addressOf(exchange);
    // Hashed: a storage that is shared shows neither who calls whom nor strings that somebody else chose.
    const byClient = sha256Hex(`${address} ${client ?? ''}`);
    await this.count(endpoint, `client:${byClient}`, perClient, client);
    await this.count(endpoint, `address:${sha256Hex(address)}`, perAddress, client);
  }

  private async count(
    endpoint: RateLimitedEndpoint,
    who: string,
    limit: number,
    client: string | undefined,
  ): Promise<void> {
    const record = await this.increment(`mcp-auth:${endpoint}:${who}`, limit, endpoint);
    if (!record?.isBlocked) return;
    this.audit.record({
      type: 'request.rate_limited',
      message: `Too many requests to ${endpoint}`,
      ...(client !== undefined && { clientId: client }),
      reason: who.startsWith('client') ? 'client' : 'address',
    });
    throw new OAuthError('temporarily_unavailable', 'Too many requests; try again later', 429, {
      'Retry-After': String(Math.max(1, Math.ceil(record.timeToBlockExpire))),
    });
  }

  /** Undefined when the storage does not answer: a limit that cannot be counted must not close the endpoint. */
  private async increment(
    key: string,
    limit: number,
    endpoint: RateLimitedEndpoint,
  ): Promise<RateLimitRecord | undefined> {
    const timeout = new AbortController();
    try {
      return await Promise.race([
        this.storage.increment(key, WINDOW_MS, limit, WINDOW_MS, `mcp-auth-${endpoint}`),
        delay(STORAGE_TIMEOUT_MS, undefined, { signal: timeout.signal, ref: false }).then(() => {
          throw new Error('no answer within a second');
        }),
      ]);
    } catch (error) {
      this.logger.error(
        `rateLimits.storage failed, so a request was not counted: ${error instanceof Error ? error.message : 'unknown error'}`,
      );
      return undefined;
    } finally {
      timeout.abort();
    }
  }
}

/** As the framework sees it: its own trust-proxy setting decides whether a header counts. */
function addressOf({ request, raw }: HttpExchange): string {
  const { ip } = request as { ip?: unknown };
  return networkAddress(typeof ip === 'string' ? ip : (raw.socket.remoteAddress ?? ''));
}
