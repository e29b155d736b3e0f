import { describe, expect, it } from '@jest/globals';
import { CONSENT_TEMPLATE } from '../../lib/authorization/pages/consent.template.js';
import { STYLE } from '../../lib/authorization/pages/style.js';
import { compileTemplate } from '../../lib/authorization/pages/template.js';
import type { ConsentView } from '../../lib/authorization/consent-view.js';
import { application, runRule } from '../../test/support/schematic-tree.js';
import { consentView } from './index.js';

const VIEW: ConsentView & { showNotice: boolean } = {
  clientName: '<b>Client</b>',
  clientId: 'client-1',
  clientHost: 'client.example',
  redirectUri: 'http://localhost:7777/callback',
  redirectHost: 'localhost:7777',
  redirectIsLoopback: true,
  clientIsVerified: false,
  userName: 'Alice',
  resourceName: 'Notes',
  resource: 'https://notes.example/mcp/api',
  scopes: [
    { key: 'mcp:read', name: 'Read', description: 'Read notes', required: true },
    { key: 'mcp:write', name: 'Write', description: 'Write notes', required: false },
  ],
  requestedScopes: ['Read notes', 'Write notes'],
  authorizationParams: { client_id: 'client-1', state: 'a&b' },
  approveUrl: '/oauth/approve',
  showNotice: true,
};

describe('the generated consent view', () => {
  it('is the built-in page, below a head that explains it', () => {
    const tree = application();
    const { said } = runRule(consentView(), tree);
    const generated = compileTemplate(tree.readText('/views/mcp-auth/consent.hbs'))(VIEW);
    expect(generated.trimStart()).toBe(compileTemplate(CONSENT_TEMPLATE)({ ...VIEW, style: STYLE }));
    expect(generated).toContain('&lt;b&gt;Client&lt;/b&gt; wants access to Notes');
    expect(said).toContain('views/mcp-auth/consent.hbs is the consent page from the next start on.');
  });

  it('names every variable in its head, and no other', () => {
    const tree = application();
    runRule(consentView(), tree);
    const source = tree.readText('/views/mcp-auth/consent.hbs');
    const head = source.slice(0, source.indexOf('--}}'));
    const documented = head
      .split('\n')
      .flatMap((line) => /^ {2}([a-z]\w+(?:, \w+)*) {2,}\S/.exec(line)?.[1]?.split(', ') ?? []);
    expect(documented.sort()).toEqual(Object.keys(VIEW).sort());
  });

  it('is never overwritten', () => {
    const tree = application({ '/views/mcp-auth/consent.hbs': 'mine' });
    expect(runRule(consentView(), tree).said).toContain('there already');
    expect(tree.readText('/views/mcp-auth/consent.hbs')).toBe('mine');
  });
});
