/**
 * The same text with blanks in the place of comments, strings, templates and regular expressions: what is a bracket in it,
 * is a bracket. Positions and line ends stay.
 */
export function codeOf(source: string): string {
  const shown = source.split('');
  let position = 0;
  while (position < source.length) {
    const end = endOfText(source, position);
    if (end === position) {
      position++;
      continue;
    }
    for (let hidden = position; hidden < end; hidden++) {
      if (!/[\r\n]/.test(source.charAt(hidden))) shown[hidden] = ' ';
    }
    position = end;
  }
  return shown.join('');
}

/** Where the comment, string, template or regular expression ends that begins here; the same place when none does. */
function endOfText(source: string, start: number): number {
  const rest = source.slice(start, start + 2);
  if (rest === '//') return endOfMatch(/[^\r\n]*/y, source, start);
  if (rest === '/*') return endOfMatch(/\/\*[\s\S]*?(?:\*\/|$)/y, source, start);
  switch (source.charAt(start)) {
    case "'":
      return endOfMatch(/'(?:\\[\s\S]|[^'\\\r\n])*'?/y, source, start);
    case '"':
      return endOfMatch(/"(?:\\[\s\S]|[^"\\\r\n])*"?/y, source, start);
    case '`':
      return endOfTemplate(source, start);
    case '/':
      return isDivision(source, start)
        ? start
        : endOfMatch(/\/(?:\\.|\[(?:\\.|[^\]\\\r\n])*\]|[^/\\[\r\n])+\/\w*|/y, source, start);
    default:
      return start;
  }
}

/** A slash divides what stands before it: a name, a number or something in brackets. */
function isDivision(source: string, slash: number): boolean {
  const before = source.slice(0, slash).trimEnd();
  return /[\w$)\]}]$/.test(before) && !/\b(?:return|typeof|case|in|of)$/.test(before);
}

function endOfTemplate(source: string, start: number): number {
  for (let position = start + 1; position < source.length; position++) {
    const character = source.charAt(position);
    if (character === '\\') position++;
    else if (character === '`') return position + 1;
    else if (source.startsWith('${', position)) position = endOfExpression(source, position + 2) - 1;
  }
  return source.length;
}

/** After the brace that closes the expression in a template. */
function endOfExpression(source: string, start: number): number {
  let depth = 1;
  let position = start;
  while (position < source.length) {
    const end = endOfText(source, position);
    if (end > position) {
      position = end;
      continue;
    }
    const character = source.charAt(position++);
    if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return position;
  }
  return source.length;
}

function endOfMatch(pattern: RegExp, source: string, start: number): number {
  pattern.lastIndex = start;
  return start + (pattern.exec(source)?.[0].length ?? 0);
}

/** The position of the bracket that closes the one at `open`, in text as {@link codeOf} answers it. */
export function closingBracket(code: string, open: number): number | null {
  let depth = 0;
  for (let position = open; position < code.length; position++) {
    const character = code.charAt(position);
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && --depth === 0) return position;
  }
  return null;
}

/** The same code, with blanks in the place of whatever is in brackets: only the list's own level is left. */
export function ownLevel(code: string): string {
  let depth = 0;
  return code
    .split('')
    .map((character) => {
      if (')]}'.includes(character)) depth--;
      const shown = depth === 0 || /[\r\n]/.test(character) ? character : ' ';
      if ('([{'.includes(character)) depth++;
      return shown;
    })
    .join('');
}

/** How a file is written, so that what is added looks like the rest. */
export interface SourceStyle {
  lineEnd: '\n' | '\r\n';
  /** One step of indentation. */
  indent: string;
  quote: "'" | '"';
  semicolon: ';' | '';
}

export function styleOf(source: string): SourceStyle {
  const imports = source.match(/(?<=^\uFEFF?)import\b.*$/gm) ?? [];
  const count = (pattern: RegExp): number => imports.filter((line) => pattern.test(line)).length;
  return {
    lineEnd: source.includes('\r\n') ? '\r\n' : '\n',
    indent: /^(\t| {2,8})(?=[^\s*])/m.exec(source)?.[1] ?? '  ',
    quote: count(/"/) > count(/'/) ? '"' : "'",
    semicolon: imports.length > 0 && count(/;\s*(?:\/\/.*)?$/) === 0 ? '' : ';',
  };
}

/** Our own text, which is written in Nest's style, in the style of a file. */
export function inStyle(text: string, style: SourceStyle): string {
  return text
    .replace(/^(?: {2})+/gm, (spaces) => style.indent.repeat(spaces.length / 2))
    .replace(/'/g, style.quote)
    .replace(/;$/gm, style.semicolon)
    .replace(/\n/g, style.lineEnd);
}
