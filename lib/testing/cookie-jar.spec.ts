import { describe, expect, it } from '@jest/globals';
import { CookieJar } from './cookie-jar.js';

describe('the cookies of a browser', () => {
  it('are kept, replaced and removed as answers say', () => {
    const jar = new CookieJar();
    jar.set('session', 'one');
    jar.store(['theme=dark=er; Path=/; HttpOnly', '__Host-b=2; Secure; Max-Age=60', 'late=x; Max-Age=60']);
    expect(jar.header).toBe('session=one; theme=dark=er; __Host-b=2; late=x');
    jar.store([
      'session=two; Expires=Wed, 21 Oct 2095 07:28:00 GMT',
      'theme=; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      'late=; max-age=0',
    ]);
    expect(jar.header).toBe('session=two; __Host-b=2');
    expect(jar.get('session')).toBe('two');
    expect(jar.get('theme')).toBeUndefined();
  });
});
