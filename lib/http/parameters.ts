import { OAuthError } from './oauth-error.js';
import type { HttpExchange } from './http-exchange.js';

const MAX_PARAMETERS = 100;
/** Shorter than any token or secret, which a confused client may send in the place of a name. */
const PRINTABLE_NAME = /^[\w.\-[\]:]{1,32}$/;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

export interface ParameterOptions {
  /** Names that may occur more than once. */
  repeatable?: readonly string[];
  /** Accept a JSON object of strings as well, which some clients send to machine endpoints. Default: false. */
  json?: boolean;
}

/** Request parameters: flat names, string values. `a[b]` is a name like any other and never becomes an object. */
export class Parameters {
  constructor(private readonly values: ReadonlyMap<string, readonly string[]>) {}

  /** The value; undefined when absent or empty, which is the same (RFC 6749, section 3.1). */
  get(name: string): string | undefined {
    return this.values.get(name)?.find((value) => value !== '');
  }

  getAll(name: string): string[] {
    return (this.values.get(name) ?? []).filter((value) => value !== '');
  }

  /** Whether the name was sent at all, even without a value. */
  has(name: string): boolean {
    return this.values.has(name);
  }
}

/**
 * Parses a query string or a form.
 *
 * @throws {OAuthError} `invalid_request` for repeated parameters (RFC 6749, section 3.1), broken encodings and NUL
 */
export function parseQuery(raw: string, options: ParameterOptions = {}): Parameters {
  const entries: [string, string][] = raw
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const separator = pair.indexOf('=');
      return separator < 0
        ? [decode(pair), '']
        : [decode(pair.slice(0, separator)), decode(pair.slice(separator + 1))];
    });
  return toParameters(entries, options);
}

/**
 * Parses the body of a POST: a form, or with `json` an object of strings.
 *
 * Other content types are a 400, not a 415: RFC 6749, section 5.2 knows no other status for a malformed request.
 *
 * @throws {OAuthError} `invalid_request`
 */
export function parseBody(exchange: HttpExchange, options: ParameterOptions = {}): Parameters {
  if (exchange.body.length === 0) return new Parameters(new Map());
  const type = mediaType(exchange);
  const text = decodeUtf8(exchange.body, 'invalid_request');
  if (type === 'application/x-www-form-urlencoded') return parseQuery(text, options);
  if (type === 'application/json' && options.json) return toParameters(jsonEntries(text, options), options);
  throw new OAuthError('invalid_request', 'The Content-Type must be application/x-www-form-urlencoded');
}

/**
 * Parses a JSON object. Members are own properties of an object without a prototype.
 *
 * @throws {OAuthError} with the given code
 */
export function parseJsonObject(
  exchange: HttpExchange,
  errorCode: 'invalid_request' | 'invalid_client_metadata',
): Record<string, unknown> {
  if (mediaType(exchange) !== 'application/json') {
    throw new OAuthError(errorCode, 'The Content-Type must be application/json');
  }
  return jsonObject(decodeUtf8(exchange.body, errorCode), errorCode);
}

function mediaType(exchange: HttpExchange): string {
  return (exchange.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function jsonObject(
  text: string,
  errorCode: 'invalid_request' | 'invalid_client_metadata',
): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new OAuthError(errorCode, 'The body is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OAuthError(errorCode, 'The body must be a JSON object');
  }
  const members = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(value)) members[name] = member;
  return members;
}

function jsonEntries(text: string, options: ParameterOptions): [string, string][] {
  return Object.entries(jsonObject(text, 'invalid_request')).flatMap(([name, value]): [string, string][] => {
    const values: unknown[] = Array.isArray(value) && options.repeatable?.includes(name) ? value : [value];
    return values.map((item) => {
      if (typeof item !== 'string')
        throw new OAuthError('invalid_request', `${label(name)} must be a string`);
      refuseUnsafe(item);
      return [name, item];
    });
  });
}

function toParameters(
  entries: readonly [string, string][],
  { repeatable = [] }: ParameterOptions,
): Parameters {
  if (entries.length > MAX_PARAMETERS)
    throw new OAuthError('invalid_request', 'There are too many parameters');
  const values = new Map<string, string[]>();
  for (const [name, value] of entries) {
    const present = values.get(name);
    if (!present) values.set(name, [value]);
    else if (repeatable.includes(name)) present.push(value);
    else throw new OAuthError('invalid_request', `${label(name)} must not be sent more than once`);
  }
  return new Parameters(values);
}

function decode(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new OAuthError('invalid_request', 'A parameter is not valid percent-encoded UTF-8');
  }
  refuseUnsafe(decoded);
  return decoded;
}

function decodeUtf8(body: Buffer, errorCode: 'invalid_request' | 'invalid_client_metadata'): string {
  try {
    return strictUtf8.decode(body);
  } catch {
    throw new OAuthError(errorCode, 'The body is not valid UTF-8');
  }
}

/** No database stores these alike, and no legitimate value holds them. */
function refuseUnsafe(value: string): void {
  if (value.includes('\0') || !value.isWellFormed()) {
    throw new OAuthError('invalid_request', 'A parameter contains characters that are not allowed');
  }
}

/** A name that is safe to repeat in an error. */
function label(name: string): string {
  return PRINTABLE_NAME.test(name) ? `The parameter ${name}` : 'A parameter';
}
