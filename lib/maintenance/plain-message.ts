import { StorageUnavailableError } from '../storage/storage-unavailable.error.js';

/** What went wrong as one line for people: the driver's own words, without SQL and stack. */
export function plainMessage(error: unknown): string {
  if (error instanceof StorageUnavailableError) return plainMessage(error.cause);
  // A host with two addresses fails with one error for each, and no message.
  const [first] = memberOf<unknown[]>(error, 'errors') ?? [];
  if (first !== undefined) return plainMessage(first);
  const [line = ''] = (memberOf<string>(error, 'message') ?? String(error)).trim().split('\n');
  return line || (memberOf<string>(error, 'name') ?? 'unknown error');
}

/** The code that Node.js and database drivers give to an error, such as `ECONNREFUSED`. */
export function errorCode(error: unknown): string | undefined {
  return memberOf<string>(error, 'code');
}

/** Not by `instanceof`: what is thrown may come from anywhere. */
function memberOf<T>(error: unknown, name: string): T | undefined {
  return typeof error === 'object' && error !== null ? (error as Record<string, T>)[name] : undefined;
}
