import type { DataSource, QueryRunner } from 'typeorm';
import { within } from './within.js';

/** No connection was to be had, so the statement was never sent. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
}

/** The database has not answered in time. */
export class StatementTimeoutError extends Error {
  override readonly name = 'StatementTimeoutError';
}

/**
 * Runs one statement on a connection to the primary, in bounded time: pools wait for a connection, and drivers for an
 * answer, without an end.
 *
 * @param limitMs for each of the two
 * @throws {NotConnectedError}
 * @throws {StatementTimeoutError}
 */
export async function boundedQuery(
  dataSource: DataSource,
  sql: string,
  values: unknown[],
  limitMs: number,
): Promise<unknown> {
  const runner = dataSource.createQueryRunner('master');
  const connection = await connect(runner, limitMs);
  // Released when the statement has ended, which may be after everybody has stopped waiting for it.
  const answer = runner.query(sql, values, true).finally(() => runner.release());
  return within(answer, limitMs, () => {
    hangUp(connection);
    return new StatementTimeoutError(`No answer within ${limitMs} ms`);
  });
}

async function connect(runner: QueryRunner, limitMs: number): Promise<unknown> {
  const connection: Promise<unknown> = runner.connect();
  try {
    return await within(connection, limitMs, () => new Error(`No connection within ${limitMs} ms`));
  } catch (error) {
    // One that comes after all goes back to where it came from.
    connection.then(() => runner.release()).catch(() => undefined);
    throw new NotConnectedError('No connection to the database', { cause: error });
  }
}

/** A connection whose answer is outstanding is of no use to anybody: its pool must not hand it out again. */
function hangUp(connection: unknown): void {
  // mysql2 keeps its socket here, pg one level deeper; a driver without a socket answers before any limit.
  const { stream, connection: inner } = connection as {
    stream?: { destroy(): void };
    connection?: { stream?: { destroy(): void } };
  };
  (stream ?? inner?.stream)?.destroy();
}
