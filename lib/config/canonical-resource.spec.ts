import { describe, expect, it } from '@jest/globals';
import { canonicalResource } from './canonical-resource.js';

describe('the canonical form of a resource (RFC 8707)', () => {
  it.each([
    ['https://h', 'https://h'],
    ['https://h/', 'https://h'],
    ['HTTPS://H.Example:443/mcp/', 'https://h.example/mcp'],
    ['http://h:8080/Mcp', 'http://h:8080/Mcp'],
    ['http://[::1]:80/x', 'http://[::1]/x'],
    ['https://h/mcp//', 'https://h/mcp/'],
  ])('of %s is %s', (uri, expected) => {
    expect(canonicalResource(uri)).toBe(expected);
  });

  it.each([
    '',
    '/mcp',
    'h/mcp',
    'https://h/mcp#x',
    'https://u@h/mcp',
    'ftp://h/mcp',
    'https://h/a b',
    'javascript:x',
  ])('does not exist for %j', (uri) => {
    expect(canonicalResource(uri)).toBeNull();
  });

  it('resolves and decodes nothing', () => {
    expect(canonicalResource('https://h/x/../mcp')).not.toBe('https://h/mcp');
    expect(canonicalResource('https://h/%6dcp')).not.toBe('https://h/mcp');
  });
});
