import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPlainPath, liesUnder } from './resource-path.js';

const PATH = '/mcp/api';

describe('whether a request target lies under a path', () => {
  it.each([
    '/mcp/api',
    '/mcp/api/',
    '/mcp/api/x?y=z',
    '/MCP/API',
    '//mcp//api',
    '/./mcp/api',
    '/x/../mcp/api',
    '/mcp/api/x/../..',
    '/%6dcp/api',
    '/%256dcp/api',
    '/mcp%2fapi',
    '/mcp;v=1/api',
    '\\mcp\\api',
    'http://other.example/mcp/api',
    'mcp/api',
    '*',
    '/%zz/api',
    '/mcp/%E0%A4%A',
    '/mcp/api%ff/x',
    '/x/..%ff/mcp/api',
    '/%ff/../mcp/api',
    '/mcp%%32fapi',
    '/%2fmcp%2fapi%2f%ff',
  ])('%s does, or cannot be told', (target) => {
    expect(liesUnder(target, PATH)).toBe(true);
  });

  it.each([
    '/',
    '/mcp',
    '/mcp/apis',
    '/mcp-api',
    '/api/mcp',
    '/mcp?/api',
    'http://other.example/',
    '/x/mcp/api',
    '/%zz',
    '/notes/%E0%A4%A',
    '/mcp/notes/%ff',
    '/%6eotes/caf%C3%A9/100%',
  ])('%s does not', (target) => {
    expect(liesUnder(target, PATH)).toBe(false);
  });

  const encode = (text: string, which: readonly boolean[]): string =>
    [...text]
      .map((character, index) =>
        which[index % which.length] ? `%${character.charCodeAt(0).toString(16).padStart(2, '0')}` : character,
      )
      .join('');
  const flags = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });
  const rest = fc.stringMatching(/^(\/[a-z0-9._~-]{0,6}){0,3}$/);

  it('holds for every mixture of cases, escapes, doubled slashes and dots', () => {
    fc.assert(
      fc.property(flags, flags, flags, rest, fc.nat(3), (upper, escaped, doubled, tail, times) => {
        let target = [...`${PATH}${tail}`]
          .map((character, index) => (upper[index % upper.length] ? character.toUpperCase() : character))
          .map((character, index) =>
            character === '/' && doubled[index % doubled.length] ? '//./' : character,
          )
          .join('');
        for (let step = 0; step < times; step++) target = `/${encode(target.slice(1), escaped)}`;
        return liesUnder(target, PATH);
      }),
    );
  });

  it('is decided for anything at all, and plain paths by their segments alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (target) => typeof liesUnder(target, PATH) === 'boolean'),
    );
    const segment = fc.stringMatching(/^[a-z]{1,5}$/);
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        const target = `/${segments.join('/')}`;
        return (
          isPlainPath(target) && liesUnder(target, PATH) === (segments[0] === 'mcp' && segments[1] === 'api')
        );
      }),
    );
  });
});
