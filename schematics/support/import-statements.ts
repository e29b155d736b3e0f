import { codeOf, inStyle, styleOf } from './source-code.js';

/** One name, and the module that it comes from. */
export interface ImportStatement {
  name: string;
  from: string;
}

/** An import from its first character to its end, in the file's own text: the module's name is a string, and so no code. */
const STATEMENT = /import\b(?!\s*[.(])[^'"`]*(['"])([^'"\n]*)\1[ \t]*\)?[ \t]*;?/y;

interface Found {
  start: number;
  end: number;
  text: string;
  from: string;
}

export function importStatements(source: string): Found[] {
  const code = codeOf(source);
  return [...code.matchAll(/(?<=^\uFEFF?)import\b/gm)].flatMap(({ index }) => {
    STATEMENT.lastIndex = index;
    const match = STATEMENT.exec(source);
    return match
      ? [{ start: index, end: index + match[0].length, text: match[0], from: match[2] ?? '' }]
      : [];
  });
}

/** Adds what is not imported yet behind the file's last import. */
export function addImportStatements(source: string, wanted: readonly ImportStatement[]): string {
  const present = importStatements(source);
  const names = present.map(({ text }) => text).join('\n');
  const missing = wanted.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(names));
  if (missing.length === 0) return source;
  const style = styleOf(source);
  const text = inStyle(
    missing.map(({ name, from }) => `import { ${name} } from '${from}';`).join('\n'),
    style,
  );
  const last = present.at(-1);
  if (!last) {
    const first = codeOf(source).search(/[^\s\uFEFF]/);
    const at = first === -1 ? source.length : source.lastIndexOf('\n', first) + 1 || bomLength(source);
    return source.slice(0, at) + text + style.lineEnd + style.lineEnd + source.slice(at);
  }
  const lineEnd = source.slice(last.end).search(/\r?\n|$/);
  const at = last.end + lineEnd;
  return source.slice(0, at) + style.lineEnd + text + source.slice(at);
}

const bomLength = (source: string): number => (source.startsWith('\uFEFF') ? 1 : 0);
