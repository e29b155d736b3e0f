import { describe, expect, it } from '@jest/globals';
import { readAuthorizationResponse } from './authorization-response.js';

const expected = { state: 'sent', issuer: 'https://h.example' };
const read = (query: string) =>
  readAuthorizationResponse(`http://localhost:7777/callback?${query}`, expected);
const ISS = 'iss=https%3A%2F%2Fh.example';

describe('an authorization response', () => {
  it('holds a code, or an error', () => {
    expect(read(`code=abc&state=sent&${ISS}`)).toEqual({ code: 'abc' });
    expect(read(`error=access_denied&error_description=No&state=sent&${ISS}`)).toEqual({
      error: 'access_denied',
      errorDescription: 'No',
    });
  });

  it.each([
    [`code=abc&state=other&${ISS}`, 'the state that came back is not the one that was sent'],
    [`code=abc&${ISS}`, 'the state that came back is not the one that was sent'],
    [
      'code=abc&state=sent&iss=https%3A%2F%2Fh.example%2F',
      'iss is https://h.example/, but the issuer is https://h.example',
    ],
    ['code=abc&state=sent', 'iss is null, but the issuer is https://h.example'],
    [`state=sent&${ISS}`, 'the redirect holds neither code nor error'],
  ])('is refused when it is %s', (query, problem) => {
    expect(() => read(query)).toThrow(`consent: ${problem}`);
  });
});
