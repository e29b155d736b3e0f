import type { Tree } from '@angular-devkit/schematics';

const STRING_OR_COMMENT = /"(?:\\.|[^"\\])*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;

/** JSON as tools write it and people edit it: with comments and trailing commas, both of which the Nest CLI takes or drops. */
export function parseJson<T>(text: string, path: string): T {
  const plain = withoutComments(text).replace(/"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g, (found) =>
    found === ',' ? ' ' : found,
  );
  try {
    return JSON.parse(plain) as T;
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`, {
      cause: error,
    });
  }
}

export function readJson<T>(tree: Tree, path: string): T | null {
  const text = tree.read(path)?.toString('utf8');
  return text === undefined ? null : parseJson<T>(text, path);
}

/** Sets a member of the outermost object, if need be at its end, and leaves all else as it stands, comments included. */
export function withMember(text: string, name: string, value: unknown): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const json = JSON.stringify(value, null, indent).replace(/\n/g, lineEnd + indent);
  const place = memberOf(text, name);
  if (place) return text.slice(0, place.from) + json + text.slice(place.to);
  const code = withoutComments(text);
  const close = code.lastIndexOf('}');
  const end = code.slice(0, close).trimEnd().length;
  const comma = '{,'.includes(code.charAt(end - 1)) ? '' : ',';
  const comments = text.slice(end, close).trimEnd();
  return `${text.slice(0, end)}${comma}${comments}${lineEnd}${indent}${JSON.stringify(name)}: ${json}${lineEnd}${text.slice(close)}`;
}

/** Where the value of a member of the outermost object begins and ends. */
function memberOf(text: string, name: string): { from: number; to: number } | null {
  const code = withoutComments(text);
  let depth = 0;
  for (const token of code.matchAll(/"(?:\\.|[^"\\])*"|[{}[\]]/g)) {
    if ('{['.includes(token[0])) depth++;
    else if ('}]'.includes(token[0])) depth--;
    if (depth !== 1 || token[0] !== JSON.stringify(name)) continue;
    const colon = /^\s*:\s*/.exec(code.slice(token.index + token[0].length));
    if (!colon) continue;
    const from = token.index + token[0].length + colon[0].length;
    return { from, to: endOfValue(code, from) };
  }
  return null;
}

function endOfValue(code: string, from: number): number {
  let depth = 0;
  for (const token of code.slice(from).matchAll(/"(?:\\.|[^"\\])*"|[{}[\],]/g)) {
    if ('{['.includes(token[0])) depth++;
    else if (token[0] === ',' && depth === 0) return from + token.index;
    else if ('}]'.includes(token[0]) && --depth <= 0) {
      const end = from + token.index;
      return depth === 0 ? end + 1 : from + code.slice(from, end).trimEnd().length;
    }
  }
  return code.length;
}

/** The same text, with blanks in the place of comments. */
function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\r\n]/g, ' '),
  );
}
