import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson, withMember } from './json.js';

describe('JSON that people edit', () => {
  it('is read with comments and trailing commas', () => {
    expect(parseJson('// a\n{ "a": "// no, \\" ,}", /* b */ "b": [1, 2,], }', 'x')).toEqual({
      a: '// no, " ,}',
      b: [1, 2],
    });
    expect(() => parseJson('{ "a": }', '/nest-cli.json')).toThrow(/^\/nest-cli\.json is not JSON: /);
  });

  it('keeps all but the member that is set', () => {
    const text =
      '{\n    // which one\n    "collection": "old", // this\n    "projects": { "collection": "inner" }\n}\n';
    expect(withMember(text, 'collection', 'new')).toBe(text.replace('"old"', '"new"'));
    expect(withMember('{ "a": 1 }', 'a', [2])).toBe('{ "a": [\n    2\n  ] }');
  });

  it('gets a new member at its end, indented and ended as the others', () => {
    expect(withMember('{}\n', 'a', 1)).toBe('{\n  "a": 1\n}\n');
    expect(withMember('{\r\n\t"a": 1 // one\r\n}\r\n', 'b', { c: true })).toBe(
      '{\r\n\t"a": 1, // one\r\n\t"b": {\r\n\t\t"c": true\r\n\t}\r\n}\r\n',
    );
    expect(withMember('{\n  "a": 1,\n}', 'b', 2)).toBe('{\n  "a": 1,\n  "b": 2\n}');
  });

  it('has the member afterwards, whatever it was, and all others', () => {
    const object = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue());
    fc.assert(
      fc.property(
        object,
        fc.string({ minLength: 1 }),
        fc.jsonValue(),
        fc.constantFrom(0, 2, '\t'),
        (value, name, set, indent) => {
          fc.pre(!Object.hasOwn(Object.prototype, name) && !Object.hasOwn(value, '__proto__'));
          const text = JSON.stringify(value, null, indent);
          expect(JSON.parse(withMember(text, name, set))).toEqual(
            JSON.parse(JSON.stringify({ ...value, [name]: set })),
          );
        },
      ),
    );
  });
});
