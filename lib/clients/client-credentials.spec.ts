import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OAuthError } from '../http/oauth-error.js';
import { parseQuery } from '../http/parameters.js';
import { parseClientCredentials } from './client-credentials.js';

const basic = (id: string, secret: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});
const body = (text: string) => parseQuery(text);

describe('client credentials (RFC 6749, section 2.3.1)', () => {
  it('are read from either place', () => {
    expect(parseClientCredentials({}, body('client_id=a'))).toEqual({
      clientId: 'a',
      secret: undefined,
      method: 'none',
    });
    expect(parseClientCredentials({}, body('client_id=a&client_secret=b'))).toMatchObject({
      secret: 'b',
      method: 'client_secret_post',
    });
    expect(parseClientCredentials(basic('a', 'b'), body(''))).toMatchObject({
      secret: 'b',
      method: 'client_secret_basic',
    });
    expect(parseClientCredentials(basic('a', ''), body('client_id=a'))).toMatchObject({ method: 'none' });
    expect(parseClientCredentials({ authorization: 'bAsIc YTpi' }, body(''))).toMatchObject({
      clientId: 'a',
    });
  });

  it('survive form-encoding, whatever they contain', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value.isWellFormed());
    fc.assert(
      fc.property(text, text, (clientId, secret) => {
        const parsed = parseClientCredentials(basic(clientId, secret), body(''));
        expect(parsed).toEqual({ clientId, secret, method: 'client_secret_basic' });
      }),
    );
  });

  it.each([
    [{}, '', 'invalid_client'],
    [basic('a', 'b'), 'client_id=a&client_secret=b', 'invalid_request'],
    [basic('a', 'b'), 'client_id=c', 'invalid_request'],
    [{ authorization: 'Bearer x' }, 'client_id=a', 'invalid_client'],
    [{ authorization: 'Basic' }, '', 'invalid_client'],
    [{ authorization: 'Basic YTpi!' }, '', 'invalid_client'],
    [{ authorization: 'Basic YTpi=YTpi' }, '', 'invalid_client'],
    [{ authorization: `Basic ${Buffer.from('nocolon').toString('base64')}` }, '', 'invalid_client'],
    [{ authorization: `Basic ${Buffer.from(':secret').toString('base64')}` }, '', 'invalid_client'],
    [{ authorization: `Basic ${Buffer.from('%zz:secret').toString('base64')}` }, '', 'invalid_client'],
  ])('are refused: %j with %j', (headers, text, code) => {
    let error: unknown;
    try {
      parseClientCredentials(headers, body(text));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(OAuthError);
    expect((error as OAuthError).code).toBe(code);
  });

  it('are an OAuth error or a value, for any header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (authorization) => {
        try {
          return parseClientCredentials({ authorization }, body('')).clientId !== '';
        } catch (error) {
          return error instanceof OAuthError && error.status === 401;
        }
      }),
    );
  });
});
