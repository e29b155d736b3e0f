import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { consentTemplate } from '../../schematics/templates/consent.js';
import { startApp, type TestApp } from '../support/app.js';
import { launchBrowser } from '../support/browser.js';
import { createPkce, Flow } from '../support/flow.js';

/** Each element of the page: what it is, where it lies and in which colours. */
const LAYOUT = `[...document.querySelectorAll('body, body *')].map((element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  const { color, backgroundColor, fontSize, borderRadius } = getComputedStyle(element);
  return [element.tagName, x, y, width, height, color, backgroundColor, fontSize, borderRadius].join(' ');
})`;

describe('the generated consent view in a browser', () => {
  let folder: string;
  let browser: Browser;
  const servers: TestApp[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mcp-auth-generated-view-'));
    browser = await launchBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await Promise.all(servers.map((server) => server.close()));
    await rm(folder, { recursive: true });
  });

  async function layout(consentViewPath?: string): Promise<{ elements: string[]; complaints: string[] }> {
    const server = await startApp({ options: consentViewPath === undefined ? {} : { consentViewPath } });
    servers.push(server);
    const flow = new Flow(server.url);
    const context = await browser.newContext({ viewport: { width: 800, height: 900 } });
    await context.addCookies([{ name: 'test_user', value: 'alice', url: server.url }]);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(flow.authorizeUrl(await flow.register(), createPkce()));
    const elements = await page.evaluate<string[]>(LAYOUT);
    await context.close();
    return { elements, complaints };
  }

  it('looks as the built-in page does', async () => {
    const path = join(folder, 'consent.hbs');
    await writeFile(path, consentTemplate());
    const builtIn = await layout();
    const generated = await layout(path);
    expect(builtIn.elements.length).toBeGreaterThan(30);
    expect(generated).toEqual(builtIn);
    expect(generated.complaints).toEqual([]);
  });
});
