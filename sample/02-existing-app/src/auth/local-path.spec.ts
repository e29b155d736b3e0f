import { localPath } from './local-path';

describe('the way back after login', () => {
  it.each(['/', '/api/tasks', '/oauth/authorize?client_id=a&redirect_uri=https%3A%2F%2Fclient.example%2Fcb'])(
    'is %s as it is',
    (path) => {
      expect(localPath(path)).toBe(path);
    },
  );

  it.each([
    undefined,
    ['/a', '/b'],
    '',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    ' /a',
  ])('is never %j', (value) => {
    expect(localPath(value)).toBe('/api/tasks');
  });
});
