import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConsentView } from './resolve-consent-view.js';

describe('the template of the consent page', () => {
  const before = process.cwd();
  let folder: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-auth-view-')));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  function generate(): string {
    mkdirSync('views/mcp-auth', { recursive: true });
    writeFileSync('views/mcp-auth/consent.hbs', '');
    return join(folder, 'views/mcp-auth/consent.hbs');
  }

  it('is the generated one while it is there', () => {
    expect(resolveConsentView({})).toBeUndefined();
    const path = generate();
    expect(resolveConsentView({})).toBe(path);
    expect(resolveConsentView({ useCustomConsentView: false })).toBeUndefined();
  });

  it('is the one that the application names, there or not', () => {
    expect(resolveConsentView({ consentViewPath: 'mine.hbs' })).toBe(join(folder, 'mine.hbs'));
    expect(resolveConsentView({ useCustomConsentView: true })).toBe(
      join(folder, 'views/mcp-auth/consent.hbs'),
    );
    expect(resolveConsentView({ useCustomConsentView: false, consentViewPath: 'mine.hbs' })).toBeUndefined();
  });
});
