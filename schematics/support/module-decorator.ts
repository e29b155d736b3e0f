import { addElements, indentationAt, onManyLines } from './element-list.js';
import { addImportStatements, type ImportStatement } from './import-statements.js';
import { closingBracket, codeOf, ownLevel, styleOf } from './source-code.js';

/** What is to be added to a list of `@Module()`. */
export interface ModuleElement {
  /** As it is written there, in Nest's style. */
  expression: string;
  /** What the expression needs to have imported. */
  imports: ImportStatement[];
}

/**
 * Adds elements to `imports` or `controllers` of a module. Null when the file is not written in a way that can be edited
 * safely: then the reader has to.
 *
 * @param className the module's class; needed only where the file has several modules
 */
export function addToModule(
  source: string,
  list: 'imports' | 'controllers',
  elements: readonly ModuleElement[],
  className?: string,
): string | null {
  if (elements.length === 0) return source;
  const open = metadataOf(source, className);
  if (open === null) return null;
  const edited = addToList(
    source,
    open,
    list,
    elements.map(({ expression }) => expression),
  );
  return (
    edited &&
    addImportStatements(
      edited,
      elements.flatMap(({ imports }) => imports),
    )
  );
}

/** Position of the brace in `@Module({`. */
function metadataOf(source: string, className: string | undefined): number | null {
  const code = codeOf(source);
  const modules = [...code.matchAll(/@Module\s*\(\s*\{/g)].map(({ index, 0: text }) => {
    const open = index + text.length - 1;
    const close = closingBracket(code, open);
    const named = close === null ? null : /\bclass\s+(\w+)/.exec(code.slice(close));
    // What follows the object has to be the end of the decorator: `@Module({...} as X)` is somebody's own way.
    return { open, isPlain: close !== null && /^\s*,?\s*\)/.test(code.slice(close + 1)), name: named?.[1] };
  });
  const chosen = modules.length === 1 ? modules : modules.filter(({ name }) => name === className);
  const [module] = chosen;
  return chosen.length === 1 && module?.isPlain ? module.open : null;
}

function addToList(source: string, open: number, list: string, elements: readonly string[]): string | null {
  const code = codeOf(source);
  const close = closingBracket(code, open);
  if (close === null) return null;
  const members = ownLevel(code.slice(open + 1, close));
  // What is spread into the object may hold such a list as well, and a quoted name is not seen as code.
  if (members.includes('...') || /['"](?:imports|controllers)['"]\s*:/.test(source.slice(open, close)))
    return null;
  if (!source.slice(open, close).includes('\n') && members.trim() !== '') {
    const spread = onManyLines(source, open);
    return spread && addToList(spread, open, list, elements);
  }
  const found = valueOf(list, members);
  if (found !== null) return addToArray(source, open + 1 + found, elements);
  // A shorthand or a method of that name is not a list that could be edited.
  if (new RegExp(`(?:^|[\\s,])${list}\\s*(?:,|$|\\()`).test(members)) return null;
  const imports = valueOf('imports', members);
  const after = imports === null ? null : closingBracket(code, open + 1 + imports);
  return addMember(source, open, after, list, elements);
}

/** Where the value of a member begins. */
function valueOf(name: string, members: string): number | null {
  const found = new RegExp(`(?:^|[\\s,])${name}\\s*:\\s*`).exec(members);
  return found && found.index + found[0].length;
}

function addToArray(source: string, open: number, elements: readonly string[]): string | null {
  const code = codeOf(source);
  const close = closingBracket(code, open);
  // `[...].concat(more)` and `[...] as Imports` keep their meaning when the array itself grows; `[...][0]` does not.
  if (code.charAt(open) !== '[' || close === null || /^\s*\[/.test(code.slice(close + 1))) return null;
  return addElements(source, open, elements);
}

/** A new list, at the beginning or behind `imports`: that is where a reader looks for it. */
function addMember(
  source: string,
  open: number,
  afterImports: number | null,
  list: string,
  elements: readonly string[],
): string | null {
  const { lineEnd, indent } = styleOf(source);
  const outer = indentationAt(source, open);
  const at = (afterImports ?? open) + 1;
  const rest = source.slice(at);
  const before = `${source.slice(0, at)}${afterImports === null ? '' : ','}${lineEnd}${outer}${indent}${list}: [`;
  if (afterImports !== null) return addElements(`${before}]${rest}`, before.length - 1, elements);
  const isEmpty = /^\s*\}/.test(rest);
  return addElements(
    `${before}],${isEmpty ? `${lineEnd}${outer}${rest.trimStart()}` : rest}`,
    before.length - 1,
    elements,
  );
}
