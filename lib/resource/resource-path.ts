const MAX_DECODING_STEPS = 8;
/** Stands for bytes that are no UTF-8. */
const UNREADABLE = '\uFFFD';
/** A path that every router reads the same way. */
const PLAIN_PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w\-.~!$&'()*+,=:@]+)*\/?$/;

/**
 * Whether any reading of a request target lies at or under `path`. Routers and middleware disagree about case, escapes,
 * dots and slashes, so a request is protected as soon as one of them could take it there.
 *
 * @param target of the request line or `url`, query included
 * @param path such as `/mcp/api`
 */
export function liesUnder(target: string, path: string): boolean {
  const requested = pathOfTarget(target);
  if (requested === null) return true;
  const wanted = segmentsOf(path);
  if (PLAIN_PATH.test(requested)) return beginsWith(segmentsOf(requested), wanted);
  let current = requested;
  for (let step = 0; step <= MAX_DECODING_STEPS; step++) {
    if (readingsOf(current).some((reading) => beginsWith(reading, wanted))) return true;
    const decoded = decode(current);
    if (decoded === current) return couldBeUnder(current, wanted);
    current = decoded;
  }
  return true;
}

/** What nobody can decode could be anything, so a segment that holds it equals every other. */
function couldBeUnder(path: string, wanted: readonly string[]): boolean {
  if (!/[%\uFFFD]/.test(path)) return false;
  return [path, path.replaceAll(UNREADABLE, '')].some((spelling) =>
    readingsOf(spelling).some((segments) =>
      wanted.every((part, index) => segments[index] === part || /[%\uFFFD]/.test(segments[index] ?? '')),
    ),
  );
}

/** One step of decoding. Escapes that are none stay as they are: they may become some in the next step. */
function decode(path: string): string {
  return path.replace(/%[0-7][\da-f]|(?:%[89a-f][\da-f])+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return UNREADABLE;
    }
  });
}

/** Whether the path has one reading only, so that it may be compared with a route's pattern. */
export function isPlainPath(path: string): boolean {
  return PLAIN_PATH.test(path);
}

/** The path of a request target; null for a target that is neither a path nor an http(s) URL. */
function pathOfTarget(target: string): string | null {
  const withoutQuery = target.split(/[?#]/, 1)[0] ?? '';
  if (withoutQuery.startsWith('/')) return withoutQuery;
  const absolute = /^https?:\/\/[^/]*(.*)$/i.exec(withoutQuery);
  return absolute ? absolute[1] || '/' : null;
}

function readingsOf(path: string): string[][] {
  const slashed = path.replaceAll('\\', '/');
  return [slashed, slashed.replace(/;[^/]*/g, '')].flatMap((spelling) => {
    const segments = segmentsOf(spelling);
    return [segments, resolveDots(segments)];
  });
}

function segmentsOf(path: string): string[] {
  return path
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
}

function resolveDots(segments: readonly string[]): string[] {
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === '..') resolved.pop();
    else resolved.push(segment);
  }
  return resolved;
}

function beginsWith(segments: readonly string[], start: readonly string[]): boolean {
  return start.every((segment, index) => segments[index] === segment);
}
