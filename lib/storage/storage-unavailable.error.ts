/**
 * The database did not (or may not) have applied a statement: answered with 503 and Retry-After. The cause stays in
 * the log; a client never sees it.
 */
export class StorageUnavailableError extends Error {
  override readonly name = 'StorageUnavailableError';

  constructor(
    message: string,
    options: { cause: unknown },
    /** Seconds for Retry-After. */
    readonly retryAfter = 1,
  ) {
    super(message, options);
  }
}
