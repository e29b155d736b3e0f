/** What is to be imported into AppModule. */
export interface ModuleImport {
  /** The module's class: when the file names it already, it is left alone. */
  name: string;
  /** The import statements that the expression needs. */
  statements: string[];
  /** The element of `imports`. */
  expression: string;
}

/**
 * Adds elements to the `imports` of the file's only `@Module()`. Null when the file is not written in a way that can be
 * edited safely: then the reader has to.
 */
export function addModuleImports(source: string, additions: readonly ModuleImport[]): string | null {
  const missing = additions.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(source));
  if (missing.length === 0) return source;
  const decorators = [...source.matchAll(/@Module\(\s*\{/g)];
  const [decorator] = decorators;
  if (decorators.length !== 1 || !decorator) return null;
  const start = decorator.index + decorator[0].length;
  const elements = missing.map(({ expression }) => indent(expression, 4)).join(',\n');
  const present = importsArray(source, start);
  if (present === 'unreadable') return null;
  const edited =
    present === null
      ? `${source.slice(0, start)}\n  imports: [\n${elements},\n  ],${source.slice(start)}`
      : insertElements(source, present, elements);
  return addStatements(
    edited,
    missing.flatMap(({ statements }) => statements),
  );
}

/** Where the content of `imports: [...]` begins and ends; null when there is none. */
function importsArray(source: string, start: number): { from: number; to: number } | null | 'unreadable' {
  const code = withoutTextAndComments(source);
  const end = closing(code, start - 1);
  if (end === null) return 'unreadable';
  const found = /(?:^|[\s,])imports\s*:\s*/.exec(ownMembers(code.slice(start, end)));
  if (!found) return null;
  const from = start + found.index + found[0].length;
  if (code[from] !== '[') return 'unreadable';
  const to = closing(code, from);
  return to === null ? 'unreadable' : { from: from + 1, to };
}

/** The same text, with blanks in the place of strings and comments, so that brackets are brackets. */
function withoutTextAndComments(source: string): string {
  return source.replace(
    /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (text) => ' '.repeat(text.length),
  );
}

/** The same text, with blanks in the place of whatever is nested: only the object's own members are left. */
function ownMembers(code: string): string {
  let depth = 0;
  return [...code]
    .map((character) => {
      if (')]}'.includes(character)) depth--;
      const shown = depth === 0 ? character : ' ';
      if ('([{'.includes(character)) depth++;
      return shown;
    })
    .join('');
}

function insertElements(
  source: string,
  { from, to }: { from: number; to: number },
  elements: string,
): string {
  const content = source.slice(from, to);
  const before = content.trim() === '' ? '' : `${content.trimEnd().replace(/,$/, '')},`;
  const own = before === '' || before.startsWith('\n') ? before : `\n    ${before.trimStart()}`;
  return `${source.slice(0, from)}${own}\n${elements},\n  ${source.slice(to)}`;
}

/** The position of the bracket that closes the one at `open`. */
function closing(code: string, open: number): number | null {
  let depth = 0;
  for (let position = open; position < code.length; position++) {
    const character = code.charAt(position);
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && --depth === 0) return position;
  }
  return null;
}

/** After the last import statement that stands at the beginning of a line. */
function addStatements(source: string, statements: readonly string[]): string {
  const missing = [...new Set(statements)].filter((statement) => !source.includes(statement));
  const last = [...source.matchAll(/^import\s[^;]*?from\s+['"][^'"]+['"];?[^\n]*$/gm)].at(-1);
  const at = last ? last.index + last[0].length : 0;
  const text = missing.join('\n');
  return last ? `${source.slice(0, at)}\n${text}${source.slice(at)}` : `${text}\n${source}`;
}

function indent(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : ' '.repeat(width) + line))
    .join('\n');
}
