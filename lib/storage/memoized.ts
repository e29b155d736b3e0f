/** Makes a value on first use: statements can be compiled only when the DataSource is connected. */
export function memoized<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
