/** Rows in aligned columns, headers first: text to the left, numbers to the right. */
export function table(headers: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const all: readonly (readonly (string | number)[])[] = [headers, ...rows];
  const widths = headers.map((_, column) => Math.max(...all.map((row) => String(row[column] ?? '').length)));
  const isNumeric = headers.map((_, column) => rows.every((row) => !/[^\d]/.test(String(row[column] ?? ''))));
  return all.map((row) =>
    headers
      .map((_, column) => {
        const cell = String(row[column] ?? '');
        return isNumeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** `1 grant`, `2 grants`. */
export function counted(count: number, noun: string): string {
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count} ${count === 1 ? noun : plural}`;
}
