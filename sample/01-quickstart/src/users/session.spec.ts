import { describe, expect, it } from '@jest/globals';
import { safeReturnPath } from './session.js';

describe('the way back after login', () => {
  it.each(['/', '/oauth/authorize?client_id=a&redirect_uri=https%3A%2F%2Fc.example%2Fcb', '/a//b', '/?x=/y'])(
    'is %s as it is',
    (path) => {
      expect(safeReturnPath(path)).toBe(path);
    },
  );

  it.each([
    undefined,
    null,
    '',
    ['/a', '/b'],
    { toString: '/a' },
    'https://evil.example/',
    'javascript:alert(1)',
    '//evil.example',
    '/\\evil.example',
    '/a\\b',
    '\\/evil.example',
    ' /a',
    '/\t/evil.example',
    '/\n/evil.example',
    '/a b',
    '/ä',
  ])('is never %j', (returnTo) => {
    expect(safeReturnPath(returnTo)).toBe('/');
  });
});
