import { closingBracket, codeOf, inStyle, ownLevel, styleOf, type SourceStyle } from './source-code.js';

/** What Prettier breaks a line at, unless told otherwise. */
export const LINE_WIDTH = 80;

/**
 * Adds elements at the end of the array that opens at `open`, written as the file is written: what stands on one line
 * stays on it while there is room, and gets a line for each element otherwise.
 */
export function addElements(source: string, open: number, elements: readonly string[]): string | null {
  const close = closingBracket(codeOf(source), open);
  if (close === null) return null;
  const style = styleOf(source);
  const content = source.slice(open + 1, close);
  const added = elements.map((element) => inStyle(element, style));
  const outer = indentationAt(source, open);

  if (!content.includes('\n')) {
    const present = splitElements(content);
    const oneLine = replaced(source, open, close, [...present, ...added].join(', '));
    const isShort = added.every((element) => !element.includes('\n')) && present.every(hasCode);
    if (isShort && lineAt(oneLine, open).length <= LINE_WIDTH) {
      return oneLine;
    }
    const text = manyLines([...present, ...added], outer, style);
    return replaced(source, open, close, text);
  }
  const inner = indentationOfFirstElement(content) ?? outer + style.indent;
  const kept = withTrailingComma(content);
  const text = `${kept}${style.lineEnd}${lines(added, inner, style)}${style.lineEnd}${outer}`;
  return replaced(source, open, close, text);
}

/** The elements between two brackets that stand on one line. */
export function splitElements(content: string): string[] {
  const own = ownLevel(codeOf(content));
  const elements: string[] = [];
  let start = 0;
  for (let position = 0; position <= content.length; position++) {
    if (position < content.length && own.charAt(position) !== ',') continue;
    const element = content.slice(start, position).trim();
    if (element !== '') elements.push(element);
    start = position + 1;
  }
  return elements;
}

/** Writes the members of an object or array that stand on one line under one another. */
export function onManyLines(source: string, open: number): string | null {
  const close = closingBracket(codeOf(source), open);
  if (close === null) return null;
  const content = source.slice(open + 1, close);
  if (content.includes('\n')) return source;
  return replaced(
    source,
    open,
    close,
    manyLines(splitElements(content), indentationAt(source, open), styleOf(source)),
  );
}

/** The white space that the line of this position begins with. */
export function indentationAt(source: string, position: number): string {
  return /^[ \t]*/.exec(lineAt(source, position))?.[0] ?? '';
}

function lineAt(source: string, position: number): string {
  const start = source.lastIndexOf('\n', position - 1) + 1;
  const end = source.indexOf('\n', position);
  return source.slice(start, end === -1 ? undefined : end).trimEnd();
}

function replaced(source: string, open: number, close: number, content: string): string {
  return source.slice(0, open + 1) + content + source.slice(close);
}

function manyLines(elements: readonly string[], outer: string, style: SourceStyle): string {
  if (elements.length === 0) return '';
  return `${style.lineEnd}${lines(elements, outer + style.indent, style)}${style.lineEnd}${outer}`;
}

function lines(elements: readonly string[], indentation: string, { lineEnd }: SourceStyle): string {
  return elements
    .map((element) => (hasCode(element) ? `${element},` : element))
    .join(lineEnd)
    .replace(/^(?=[^\r\n])/gm, indentation);
}

/** Whether it is more than a comment. */
const hasCode = (text: string): boolean => codeOf(text).trim() !== '';

/** That of the first line that begins with an element. */
function indentationOfFirstElement(content: string): string | undefined {
  for (const { index, 0: line } of codeOf(content).matchAll(/^.*$/gm)) {
    if (index > 0 && line.trim() !== '') return /^[ \t]*/.exec(content.slice(index))?.[0];
  }
  return undefined;
}

/** A list up to its end, with a comma behind its last element, and not behind the comment that may follow. */
function withTrailingComma(content: string): string {
  const code = codeOf(content).trimEnd();
  const kept = content.trimEnd();
  if (code === '' || code.endsWith(',')) return kept;
  return `${kept.slice(0, code.length)},${kept.slice(code.length)}`;
}
