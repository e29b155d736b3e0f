import fc from 'fast-check';
import { hostileText, urlencoded, utf8 } from './hostile-text.js';
import { MARKUP } from './material.js';

export type Fields = readonly (readonly [name: string, value: string])[];
type Mutation = (fields: Fields) => Fields;

/** One thing about a form that is otherwise right. */
const mutation: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.constantFrom('replace', 'replace', 'replace', 'drop', 'duplicate', 'repeat', 'rename', 'add'),
    fc.nat(),
    hostileText,
    fc.constantFrom('[]', '[0]', '[__proto__]', '[constructor][prototype]', '.x', ' ', '\0', MARKUP),
    fc.constantFrom(
      '__proto__',
      'constructor[prototype][x]',
      'client_secret',
      'approved',
      'scope',
      'request',
      'request_uri',
      'dpop_jkt',
      'nonce',
      'max_age',
      'resource',
      'access_token',
      '',
    ),
  )
  .map(([kind, at, value, suffix, added]): Mutation => (fields) => {
    const index = fields.length === 0 ? 0 : at % fields.length;
    const [name, old] = fields[index] ?? ['x', 'x'];
    const changed: Fields =
      {
        replace: [[name, value] as const],
        drop: [],
        duplicate: [[name, old] as const, [name, value] as const],
        repeat: [[name, old] as const, [name, old] as const],
        rename: [[`${name}${suffix}`, old] as const],
        add: [[name, old] as const, [added, value] as const],
      }[kind] ?? [];
    return [...fields.slice(0, index), ...changed, ...fields.slice(index + 1)];
  });

export function mutated(fields: Fields): fc.Arbitrary<Fields> {
  return fc
    .array(mutation, { maxLength: 3 })
    .map((mutations) => mutations.reduce((current, mutate) => mutate(current), fields));
}

export function form(fields: Fields): fc.Arbitrary<string> {
  return fc
    .tuple(...fields.map(([name, value]) => fc.tuple(urlencoded(name), urlencoded(value))))
    .map((pairs) => pairs.map((pair) => pair.join('=')).join('&'));
}

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** A member's value where a string is expected. */
const oddJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    '0',
    '-0',
    '1e400',
    '[]',
    '{}',
    '[null]',
    '[[["x"]]]',
    '{"__proto__":{"x":1}}',
    '"\\ud800"',
    '"\\u0000"',
    nested(3000),
    '{"toString":1}',
    '"',
  ),
  fc.json({ maxDepth: 3 }).map(utf8),
);

/** The same fields as a JSON object, with members of wrong types among them. */
export function jsonObject(fields: Fields): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.array(fc.tuple(fc.nat(), oddJson), { maxLength: 2 }),
      fc.constantFrom(
        '',
        '',
        '',
        '"__proto__":{"client_id":"x"}',
        '"constructor":{"prototype":{"x":1}}',
        '"a":1,"a":2',
      ),
      fc.constantFrom('{', '{', '{', '{', '[', ''),
      fc.boolean(),
    )
    .map(([odd, extra, open, isCut]) => {
      const members = fields.map(([name, value], index) => {
        const replacement = odd.find(([at]) => fields.length > 0 && at % fields.length === index)?.[1];
        return `${utf8(JSON.stringify(name))}:${replacement ?? (/^[[{]/.test(value) && !value.startsWith('{{') ? value : utf8(JSON.stringify(value)))}`;
      });
      const text = [...members, extra].filter(Boolean).join(',');
      return `${open}${text}${isCut && odd.length > 1 ? '' : '}'}`;
    });
}
