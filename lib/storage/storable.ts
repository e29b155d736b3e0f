/** Databases disagree about NUL and lone surrogates (refuse, truncate, replace), so neither ever reaches one. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
