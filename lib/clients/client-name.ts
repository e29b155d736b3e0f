const MAX_CODE_POINTS = 100;
// Control, format (direction marks, zero-width, tags), surrogate, private-use and unassigned characters; line and
// paragraph separators; fillers and blanks that look like nothing.
const INVISIBLE = /\u034f|\u17b4|\u17b5|[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/gu;
/** More combining marks than any language stacks paint over the lines around them. */
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu;

/**
 * A client's name as it may be shown to people. A hostile name is cleaned, not refused: what is left is what the user
 * sees. Never empty.
 *
 * @example
 * cleanClientName('Claude\u202e') // 'Claude'
 */
export function cleanClientName(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  const cleaned = text
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(STACKED_MARKS, '$1')
    .replace(/ +/g, ' ')
    .trim();
  return [...cleaned].slice(0, MAX_CODE_POINTS).join('').trim() || 'MCP client';
}
