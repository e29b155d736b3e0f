import fc from 'fast-check';
import { form, jsonObject, mutated, type Fields } from './hostile-forms.js';
import { contentType, hostileHeader, spellings } from './hostile-headers.js';
import { hostileText, urlencoded } from './hostile-text.js';
import type { Framing, RawRequest } from './http-message.js';

/** A request that is right; `{{name}}` stands for a real value. */
export interface Template {
  method: string;
  query?: Fields;
  body?: Fields;
  bodyKind?: 'form' | 'json';
  headers?: [string, string][];
}

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'get',
  'BREW',
];
const ODD_FRAMINGS: Framing[] = ['short', 'both', 'twice', 'garbage', 'bad-chunk', 'te-gzip', 'none'];

const rawBody = fc.oneof(
  fc.constantFrom(
    '',
    '\0',
    '{',
    '&&&&',
    '='.repeat(500),
    'a&'.repeat(200),
    '{"a":'.repeat(9000),
    '['.repeat(60_000),
    '--x\r\nContent-Disposition: form-data; name="code"\r\n\r\nx\r\n--x--',
    '\xff\xfe\x00',
    '\xef\xbb\xbf{}',
    'x'.repeat(65_537),
    `client_name=${'x'.repeat(70_000)}`,
  ),
  fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 80,
  }),
);

function bodyOf({
  body,
  bodyKind = 'form',
}: Template): fc.Arbitrary<[type: string | undefined, body: string]> {
  if (!body)
    return fc.oneof(
      { weight: 9, arbitrary: fc.constant<[undefined, string]>([undefined, '']) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('application/json'), rawBody) },
    );
  const own = bodyKind === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
  const asForm = mutated(body).chain(form);
  const asJson = mutated(body).chain(jsonObject);
  const [fitting, other] = bodyKind === 'form' ? [asForm, asJson] : [asJson, asForm];
  return fc.oneof(
    { weight: 12, arbitrary: fc.tuple(fc.constant(own), fitting) },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constant(bodyKind === 'form' ? 'application/json' : 'application/x-www-form-urlencoded'),
        other,
      ),
    },
    { weight: 2, arbitrary: fc.tuple(fc.option(contentType, { nil: undefined }), fitting) },
    { weight: 2, arbitrary: fc.tuple(fc.option(fc.constant(own), { nil: undefined }), rawBody) },
  );
}

function queryOf({ query }: Template): fc.Arbitrary<string> {
  const junk = hostileText.chain(urlencoded).map((text) => `?${text.replaceAll(/[^\x21-\x7e]/g, '')}`);
  if (!query) return fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: junk });
  return mutated(query)
    .chain(form)
    .map((text) => `?${text.replaceAll(/[^\x21-\x7e]/g, '')}`);
}

/** Requests that differ from a template in a thing or two. */
export function requestOf(path: string, template: Template): fc.Arbitrary<RawRequest> {
  return fc
    .record({
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant(template.method) },
        { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
      ),
      path: fc.oneof({ weight: 9, arbitrary: fc.constant(path) }, { weight: 1, arbitrary: spellings(path) }),
      query: queryOf(template),
      body: bodyOf(template),
      extra: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 2, arbitrary: fc.array(hostileHeader, { maxLength: 3 }) },
      ),
      withOwn: fc.oneof(
        { weight: 9, arbitrary: fc.constant(true) },
        { weight: 1, arbitrary: fc.constant(false) },
      ),
      framing: fc.oneof(
        { weight: 16, arbitrary: fc.constant<Framing>('length') },
        { weight: 3, arbitrary: fc.constantFrom<Framing>('chunked', 'trailers') },
        { weight: 1, arbitrary: fc.constantFrom(...ODD_FRAMINGS) },
      ),
    })
    .map(({ method, path: spelled, query, body: [type, body], extra, withOwn, framing }) => ({
      method,
      target: `${spelled}${query}`,
      headers: [
        ...(withOwn ? (template.headers ?? []) : []),
        ...(type === undefined ? [] : [['Content-Type', type] as [string, string]]),
        ...extra,
      ],
      body,
      framing: body === '' && template.body === undefined && framing === 'length' ? 'none' : framing,
    }));
}
