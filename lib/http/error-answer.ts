import { Logger } from '@nestjs/common';
import { StorageUnavailableError } from '../storage/storage-unavailable.error.js';
import { OAuthError } from './oauth-error.js';

const logger = new Logger('McpAuth');

/**
 * Any error as an OAuth error. What the application or the database threw goes to the log; the client learns that the
 * fault is not its own.
 */
export function toOAuthError(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  if (error instanceof StorageUnavailableError) {
    return new OAuthError('temporarily_unavailable', 'The server is busy; try again shortly', 503, {
      'Retry-After': String(error.retryAfter),
    });
  }
  logger.error(error instanceof Error ? (error.stack ?? error.message) : 'A non-error was thrown');
  return new OAuthError('server_error', 'The server met an unexpected condition', 500);
}
