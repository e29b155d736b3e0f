import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConsentView } from '../consent-view.js';
import { ConsentRenderer } from './consent-renderer.js';

const renderer = new ConsentRenderer({ consentViewPath: undefined });

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '<script>x()</script>',
    '"><img src=x onerror=x()>',
    "' onfocus='x()",
    '</style><svg onload=x()>',
    '{{{style}}}',
    '{{#each scopes}}',
    '`=',
    '&quot;&#x3c;',
    '<!--',
    ']]>',
    '\0',
    '\u2028',
  ),
);

const view = (text: fc.Arbitrary<string>): fc.Arbitrary<ConsentView> =>
  fc.record({
    clientName: text,
    clientId: text,
    clientHost: fc.option(text, { nil: undefined }),
    redirectUri: text,
    redirectHost: text,
    redirectIsLoopback: fc.boolean(),
    clientIsVerified: fc.boolean(),
    userName: text,
    resourceName: text,
    resource: text,
    scopes: fc.array(fc.record({ key: text, name: text, description: text, required: fc.boolean() }), {
      maxLength: 3,
    }),
    requestedScopes: fc.array(text, { maxLength: 3 }),
    authorizationParams: fc
      .array(fc.tuple(text, text), { maxLength: 4 })
      .map((entries) => Object.assign(Object.create(null) as object, Object.fromEntries(entries))),
    approveUrl: text,
  });

/** Elements and attribute names of a page, without values and text: what a value must not be able to change. */
function structure(html: string): string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/="[^"]*"/g, '=""'));
}

/** The same view with harmless values. */
function harmless(original: ConsentView): ConsentView {
  const text = (value: string): string => (value === '' ? '' : 'x');
  return {
    ...original,
    clientName: 'x',
    clientId: 'x',
    clientHost: original.clientHost === undefined ? undefined : text(original.clientHost),
    redirectUri: 'x',
    redirectHost: 'x',
    userName: 'x',
    resourceName: 'x',
    resource: 'x',
    scopes: original.scopes.map((scope) => ({ ...scope, key: 'x', name: 'x', description: 'x' })),
    authorizationParams: Object.fromEntries(
      Object.keys(original.authorizationParams).map((_, index) => [`x${index}`, 'x']),
    ),
    approveUrl: 'x',
  };
}

const unescaped = (text: string): string =>
  text
    .replace(/&#x([\da-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

describe('the consent page', () => {
  it('shows every value as text', () => {
    fc.assert(
      fc.property(view(hostile), (values) => {
        const { body } = renderer.consentPage(values, {});
        expect(structure(body)).toEqual(structure(renderer.consentPage(harmless(values), {}).body));
      }),
      { numRuns: 300 },
    );
  });

  it('hands its hidden fields back as they were', () => {
    fc.assert(
      fc.property(view(hostile), (values) => {
        const { body } = renderer.consentPage(values, {});
        const fields = [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
          .map(([, name = '', value = '']) => [unescaped(name), unescaped(value)] as const)
          .filter(([name]) => name !== 'scopes[]');
        const expected = Object.entries(values.authorizationParams).filter(([name]) => name !== 'scopes[]');
        expect(fields).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('says that it must not be framed, for any values', () => {
    fc.assert(
      fc.property(view(hostile), hostile, (values, message) => {
        const error = { title: message, message, hint: message, code: message };
        for (const { headers } of [renderer.consentPage(values, {}), renderer.errorPage(error, 400)]) {
          expect(headers['X-Frame-Options']).toBe('DENY');
          expect(headers['Content-Security-Policy']).not.toMatch(/unsafe|script-src/);
        }
        expect(structure(renderer.errorPage(error, 400).body)).toEqual(
          structure(renderer.errorPage({ title: '', message: '', hint: '', code: '' }, 400).body),
        );
      }),
      { numRuns: 50 },
    );
  });
});
