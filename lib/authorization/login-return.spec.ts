import { describe, expect, it } from '@jest/globals';
import { DerivedKeys } from '../keys/derived-keys.js';
import { Sealer } from '../keys/sealer.js';
import { LOGIN_MARKER, loginReturnPath, loginSentAt } from './login-return.js';

const sealer = new Sealer(new DerivedKeys('a-secret-for-this-test-0123456789abcdef', []));
const QUERY = 'client_id=a&prompt=login&state=x%26y';
const sent = loginReturnPath('/oauth/authorize', QUERY, 'browser-digest', 1_000_000, sealer);
const [path = '', query = ''] = sent.split('?');
const marker = new URLSearchParams(query).get(LOGIN_MARKER) ?? undefined;

describe('the way back from login', () => {
  it('is the very same request, with a note that nobody can read or write', () => {
    expect(path).toBe('/oauth/authorize');
    expect(query.startsWith(`${QUERY}&`)).toBe(true);
    expect(query).not.toContain('browser-digest');
    expect(loginSentAt(marker, query, 'browser-digest', 1_000_100, sealer)).toBe(1_000_000);
  });

  it('counts for this request, in this browser, and for a while only', () => {
    expect(loginSentAt(undefined, QUERY, 'browser-digest', 1_000_100, sealer)).toBeNull();
    expect(
      loginSentAt(marker, query.replace('state=x', 'state=z'), 'browser-digest', 1_000_100, sealer),
    ).toBeNull();
    expect(loginSentAt(marker, query, 'another-browser', 1_000_100, sealer)).toBeNull();
    expect(loginSentAt(marker, query, 'browser-digest', 1_000_000 + 600_001, sealer)).toBeNull();
    expect(loginSentAt(`${marker}x`, query, 'browser-digest', 1_000_100, sealer)).toBeNull();
    const stranger = new Sealer(new DerivedKeys('another-secret-of-somebody-0123456789', []));
    expect(loginSentAt(marker, query, 'browser-digest', 1_000_100, stranger)).toBeNull();
  });

  it('does not pile up when the browser is sent again', () => {
    const again = loginReturnPath(path, query, 'browser-digest', 2_000_000, sealer);
    expect(again.match(new RegExp(LOGIN_MARKER, 'g'))).toHaveLength(1);
  });
});
