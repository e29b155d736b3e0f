/** How the body of a request is announced; everything after `trailers` is wrong on purpose. */
export type Framing =
  | 'length'
  | 'chunked'
  | 'trailers'
  | 'none'
  | 'short'
  | 'both'
  | 'twice'
  | 'garbage'
  | 'bad-chunk'
  | 'te-gzip';

/** A request as it goes over the wire. Text is latin1: one character, one byte. */
export interface RawRequest {
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body: string;
  framing: Framing;
}

/** An answer as it came over the wire. */
export interface RawResponse {
  status: number;
  /** Lower-case names. */
  headers: [name: string, value: string][];
  body: string;
}

const CORRECT_FRAMINGS: readonly Framing[] = ['length', 'chunked', 'trailers', 'none'];

/** Whether an HTTP server may refuse the request, or close the connection, before any framework sees it. */
export function isMalformed({ method, target, headers, body, framing }: RawRequest): boolean {
  const isLongHeaded = target.length + headers.flat().join('').length > 12_000;
  const isOddHeader = headers.some(
    ([name, value]) =>
      !/^[!#$%&'*+.^_`|~\w-]+$/.test(name) ||
      !/^[\t\x20-\x7e\x80-\xff]*$/.test(value) ||
      /^(connection|expect|host|upgrade|te|content-length|transfer-encoding)$/i.test(name),
  );
  return (
    isLongHeaded ||
    isOddHeader ||
    !CORRECT_FRAMINGS.includes(framing) ||
    (framing === 'none' && body !== '') ||
    !/^[A-Z]+$/.test(method) ||
    !/^[/h][\x21-\x22\x24-\x7e]*$/.test(target)
  );
}

function framed(body: string, framing: Framing): [headers: string[], body: string] {
  const chunks = `${[body.slice(0, 7), body.slice(7)]
    .filter(Boolean)
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    .join('')}0\r\n`;
  const length = `Content-Length: ${body.length}`;
  switch (framing) {
    case 'length':
      return [[length], body];
    case 'chunked':
      return [['Transfer-Encoding: chunked'], `${chunks}\r\n`];
    case 'trailers':
      return [
        ['Transfer-Encoding: chunked', 'Trailer: X-Late'],
        `${chunks}X-Late: 1\r\nAuthorization: Basic eDp5\r\n\r\n`,
      ];
    case 'none':
      return [[], body];
    case 'short':
      return [[`Content-Length: ${body.length + 100}`], body];
    case 'both':
      return [[length, 'Transfer-Encoding: chunked'], `${chunks}\r\n`];
    case 'twice':
      return [[length, `Content-Length: ${body.length + 1}`], body];
    case 'garbage':
      return [['Content-Length: 1e1'], body];
    case 'bad-chunk':
      return [['Transfer-Encoding: chunked'], `ffffffffffffffff1\r\n${body}\r\n0\r\n\r\n`];
    case 'te-gzip':
      return [['Transfer-Encoding: gzip'], body];
  }
}

export function toBytes({ method, target, headers, body, framing }: RawRequest): Buffer {
  const [framingHeaders, framedBody] = framed(body, framing);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(headers.some(([name]) => name.toLowerCase() === 'host') ? [] : ['Host: localhost']),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...framingHeaders,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${framedBody}`, 'latin1');
}

/** Reads one final answer from the start of `text`; null while it is not complete. Interim answers are skipped. */
export function parseResponse(
  text: string,
  method: string,
  isClosed: boolean,
): { response: RawResponse; rest: string } | null {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]);
  const after = text.slice(end + 4);
  if (status < 200) return parseResponse(after, method, isClosed);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const body = bodyOf(after, status, new Map(headers), method, isClosed);
  return body && { response: { status, headers, body: body.text }, rest: body.rest };
}

function bodyOf(
  after: string,
  status: number,
  headers: ReadonlyMap<string, string>,
  method: string,
  isClosed: boolean,
): { text: string; rest: string } | null {
  if (method === 'HEAD' || status === 204 || status === 304) return { text: '', rest: after };
  if (headers.get('transfer-encoding') === 'chunked') return dechunk(after);
  const length = headers.get('content-length');
  if (length === undefined) return isClosed ? { text: after, rest: '' } : null;
  if (after.length < Number(length)) return null;
  return { text: after.slice(0, Number(length)), rest: after.slice(Number(length)) };
}

function dechunk(after: string): { text: string; rest: string } | null {
  let text = '';
  let rest = after;
  for (;;) {
    const line = rest.indexOf('\r\n');
    if (line < 0) return null;
    const size = Number.parseInt(rest.slice(0, line), 16);
    if (rest.length < line + 2 + size + 2) return null;
    text += rest.slice(line + 2, line + 2 + size);
    rest = rest.slice(line + 2 + size + 2);
    if (size === 0) return { text, rest };
  }
}
