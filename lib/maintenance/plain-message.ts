import { StorageUnavailableError } from '../storage/storage-unavailable.error.js';

/** What went wrong as one line for people: the driver's own words, without SQL and stack. */
export function plainMessage(error: unknown): string {
  if (error instanceof StorageUnavailableError && error.cause !== undefined) return plainMessage(error.cause);
  // A host with two addresses fails with two errors and no message.
  if (error instanceof AggregateError && error.errors.length > 0) return plainMessage(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  const [line = ''] = message.trim().split('\n');
  return line === '' && error instanceof Error ? error.name : line;
}
