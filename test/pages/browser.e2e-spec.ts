import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { accessibilityProblems, launchBrowser } from '../support/browser.js';
import { createPkce, Flow, type RegisteredClient } from '../support/flow.js';
import { emptyFolder, startQuickstart, type Quickstart } from '../support/quickstart.js';

/** The first start builds, and Chromium is unpacked. */
const START_TIMEOUT = 180_000;

describe('the pages in a browser', () => {
  let folder: Awaited<ReturnType<typeof emptyFolder>>;
  let server: Quickstart;
  let callback: Server;
  let callbackUrl: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let flow: Flow;
  let client: RegisteredClient;
  const pkce = createPkce();

  beforeAll(async () => {
    folder = await emptyFolder();
    callback = createServer((request, response) => {
      response.setHeader('Content-Type', 'text/html');
      // A page that tries to put the consent into a frame.
      const framed = new URL(request.url ?? '/', callbackUrl).searchParams.get('frame');
      response.end(
        framed === null ? 'back at the client' : `<iframe src="${framed.replaceAll('&', '&amp;')}">`,
      );
    });
    await new Promise<void>((resolve) => callback.listen(0, '127.0.0.1', resolve));
    callbackUrl = `http://127.0.0.1:${(callback.address() as AddressInfo).port}/callback`;
    server = await startQuickstart(folder.path);
    browser = await launchBrowser();
    flow = new Flow(server.url);
    client = await flow.register({
      client_name: 'Notebook <b>Pro</b>\u202e',
      client_uri: 'https://notebook.example/about',
      redirect_uris: [callbackUrl],
    });
  }, START_TIMEOUT);
  afterAll(async () => {
    await browser.close();
    await server.stop();
    callback.close();
    await folder.remove();
  });

  const complaints: string[] = [];
  async function openContext(options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
    await context?.close();
    context = await browser.newContext(options);
    page = await context.newPage();
    complaints.length = 0;
    page.on('console', (message) => {
      if (/content security policy|refused to/i.test(message.text())) complaints.push(message.text());
    });
  }
  beforeEach(() => openContext());

  const authorizeUrl = (parameters: Record<string, string> = {}): string =>
    flow.authorizeUrl(client, pkce, { redirect_uri: callbackUrl, ...parameters });

  async function signIn(url = authorizeUrl()): Promise<void> {
    await page.goto(url);
    await page.getByLabel('User name').fill('alice');
    await page.getByLabel('Password').fill('wonderland');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/oauth\/authorize/);
  }

  async function returned(): Promise<URLSearchParams> {
    await page.waitForURL(/\/callback/);
    return new URL(page.url()).searchParams;
  }

  it('lead from login over consent back to the client, with what was left ticked', async () => {
    await signIn();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'Notebook <b>Pro</b> wants access to Quickstart Notes',
    );
    const text = await page.locator('main').innerText();
    expect(text).toContain('You are signed in as Alice');
    expect(text).toContain('notebook.example');
    expect(text).toContain(new URL(callbackUrl).host);
    expect(text).toContain('not verified');
    expect(text).toContain('It runs on this computer');
    expect(text).toContain('Read your data and resources');

    const required = page.getByRole('checkbox', { name: /Read access/ });
    const optional = page.getByRole('checkbox', { name: /Write access/ });
    expect(await required.isChecked()).toBe(true);
    expect(await required.isDisabled()).toBe(true);
    expect(await optional.isChecked()).toBe(true);
    await optional.uncheck();
    await page.getByRole('button', { name: 'Allow' }).click();

    const parameters = await returned();
    expect(parameters.get('state')).toBe('a-state');
    expect(parameters.get('iss')).toBe(server.url);
    const { body } = await flow.redeem(client, parameters.get('code') ?? '', pkce, {
      redirect_uri: callbackUrl,
    });
    expect(body.scope).toBe('mcp:read');
    expect(complaints).toEqual([]);
  });

  it('send a denial back', async () => {
    await signIn();
    await page.getByRole('button', { name: 'Deny' }).click();
    const parameters = await returned();
    expect(parameters.get('error')).toBe('access_denied');
    expect(parameters.get('code')).toBeNull();
  });

  it('work without JavaScript', async () => {
    await openContext({ javaScriptEnabled: false });
    await signIn();
    await page.getByRole('button', { name: 'Allow' }).click();
    expect((await returned()).get('code')).not.toBeNull();
  });

  it('work with the keyboard alone, in the order of reading', async () => {
    await signIn();
    const focused = async (): Promise<string> =>
      page.evaluate<string>(
        '(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim().split("\\n")[0]',
      );
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('Write access');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Deny');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Allow');
    await page.keyboard.press('Enter');
    const { body } = await flow.redeem(client, (await returned()).get('code') ?? '', pkce, {
      redirect_uri: callbackUrl,
    });
    expect(body.scope).toBe('mcp:read');
  });

  it.each([
    ['on a desktop', { viewport: { width: 1280, height: 900 } }],
    ['in the dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' as const }],
    ['on a phone', { viewport: { width: 320, height: 640 } }],
    ['on a phone in the dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' as const }],
  ])('are accessible %s', async (_, options) => {
    await openContext(options);
    const fits = (): Promise<boolean> =>
      page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

    await page.goto(authorizeUrl());
    expect(await accessibilityProblems(page)).toEqual([]);
    await signIn();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await fits()).toBe(true);

    await page.goto(authorizeUrl({ client_id: 'nobody' }));
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'This request cannot be completed',
    );
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await fits()).toBe(true);
  });

  it('are not shown in a frame of another site', async () => {
    await signIn();
    // Another origin of the same site, so that the frame's request carries the session.
    const framing = callbackUrl.replace('127.0.0.1', 'localhost');
    await page.goto(`${framing}?frame=${encodeURIComponent(authorizeUrl())}`);
    expect(page.frames().map((frame) => frame.url())[1]).toMatch(/^chrome-error:/);
  });
});
