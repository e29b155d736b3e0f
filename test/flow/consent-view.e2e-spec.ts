import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type TestApp } from '../support/app.js';
import {
  createPkce,
  Flow,
  hiddenFields,
  REDIRECT_URI,
  TestBrowser,
  type TokenAnswer,
} from '../support/flow.js';

/** The example of the document that this module follows, in Handlebars: two forms, no checkboxes. */
const TWO_FORMS = `<!DOCTYPE html>
<title>Authorization Request</title>
<h1>{{clientName}} wants to access your account</h1>
<ul>{{#each requestedScopes}}<li>{{this}}</li>{{/each}}</ul>
<form action="{{approveUrl}}" method="post">
{{#each authorizationParams}}
<input type="hidden" name="{{@key}}" value="{{this}}">
{{/each}}
<input type="hidden" name="approved" value="true">
<input type="submit" value="Allow Access">
</form>
<form action="{{approveUrl}}" method="post">
{{#each authorizationParams}}
<input type="hidden" name="{{@key}}" value="{{this}}">
{{/each}}
<input type="hidden" name="approved" value="false">
<input type="submit" value="Deny">
</form>`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-auth-views-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function view(name: string, source: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, source);
  return path;
}

describe('a consent view of the application', () => {
  let server: TestApp;
  let flow: Flow;

  beforeAll(async () => {
    const consentViewPath = await view('consent.hbs', TWO_FORMS);
    server = await startApp({ options: { useCustomConsentView: true, consentViewPath } });
    flow = new Flow(server.url);
  });
  afterAll(() => server.close());

  async function answer(
    button: 'Allow Access' | 'Deny',
  ): Promise<{ html: string; location: URL; redeem: (code: string) => Promise<TokenAnswer> }> {
    const client = await flow.register({ client_name: '<script>alert(1)</script>' });
    const pkce = createPkce();
    const browser = new TestBrowser('alice');
    const page = await browser.request(flow.authorizeUrl(client, pkce));
    const html = await page.text();
    const form = html.split('</form>').find((part) => part.includes(`value="${button}"`)) ?? '';
    const response = await browser.submit(`${server.url}/oauth/approve`, hiddenFields(form));
    return {
      html,
      location: new URL(response.headers.get('location') ?? '', server.url),
      redeem: (code) => flow.redeem(client, code, pkce),
    };
  }

  it('grants what was requested when its form has no checkboxes', async () => {
    const { html, location, redeem } = await answer('Allow Access');
    expect(html).toContain('<li>Read your data and resources</li>');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; wants to access your account');
    expect(location.href.startsWith(REDIRECT_URI)).toBe(true);
    const { body } = await redeem(location.searchParams.get('code') ?? '');
    expect(body.scope).toBe('mcp:read mcp:write');
  });

  it('sends a denial back from its second form', async () => {
    const { location } = await answer('Deny');
    expect(location.searchParams.get('error')).toBe('access_denied');
  });
});

describe('a consent view that cannot work', () => {
  it.each([
    ['an unclosed block', '{{#each scopes}}', /consentViewPath .* is broken: Parse error/],
    ['an unknown helper', '{{shout clientName "!"}}', /consentViewPath .* is broken: .*shout/],
    ['an unknown partial', '{{> header}}', /consentViewPath .* is broken: .*header/],
    [
      'a form without the request',
      '<form></form>',
      /does not post the request; put \{\{#each authorizationParams/,
    ],
  ])('stops the boot: %s', async (name, source, message) => {
    const consentViewPath = await view(`${name}.hbs`, source);
    await expect(startApp({ options: { useCustomConsentView: true, consentViewPath } })).rejects.toThrow(
      message,
    );
  });
});
