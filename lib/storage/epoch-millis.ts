import type { ColumnOptions, ValueTransformer } from 'typeorm';

const toNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? null : Number(value)),
};

/**
 * Column options of an instant. Epoch milliseconds in a bigint, because MySQL's datetime drops milliseconds, PostgreSQL's
 * timestamp depends on a time zone, and both drivers hand a bigint back as a string.
 */
export function epochMillis(name: string, options: ColumnOptions = {}): ColumnOptions {
  return { type: 'bigint', name, transformer: toNumber, ...options };
}
