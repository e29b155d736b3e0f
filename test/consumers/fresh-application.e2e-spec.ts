import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../support/app.js';
import { testDatabases, type TestDatabase } from '../support/databases.js';
import { createPkce, Flow, TestBrowser } from '../support/flow.js';
import { packBetterSqlite } from '../support/native-driver.js';
import { startRegistry, type Registry } from '../support/npm-registry.js';
import { readQuickStart, writeStep, type Step } from '../support/quick-start.js';
import { startServer } from '../support/running-process.js';
import { packInto, runOrFail, temporaryFolder } from '../support/workspace.js';

/** The document whose quick start is followed to the letter. */
const DOCUMENT = 'README.md';
const STARTED = 'Nest application successfully started';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let registry: Registry;

beforeAll(async () => {
  folder = await temporaryFolder('fresh');
  const driver = join(folder.path, 'driver');
  await mkdir(driver);
  registry = await startRegistry(await packInto(folder.path));
  registry.offerPrebuilt(await packBetterSqlite(driver));
});
afterAll(async () => {
  await registry.close();
  await folder.remove();
});

/** Every file of an application's own, by its digest. */
async function digests(root: string): Promise<Record<string, string>> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(?:node_modules|dist|\.git|\.data)\//.test(path));
  const digest = async (path: string): Promise<[string, string]> => [
    path.slice(root.length),
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
  ];
  return Object.fromEntries(await Promise.all(files.map(digest)));
}

describe.each([
  [11, 'npx eslint "{src,test}/**/*.ts"'],
  [12, 'npx oxlint --type-aware src/ test/'],
])('a fresh application of Nest %i', (major, lint) => {
  let app: string;
  let steps: Step[];
  const inApp = (command: string, cwd = app): Promise<string> =>
    runOrFail('sh', ['-c', command], { cwd, env: registry.environment });

  /** Follows the quick start until it has done a command. */
  async function followUntil(last: string): Promise<void> {
    for (let step = steps.shift(); step; step = steps.shift()) {
      if (step.kind !== 'run') await writeStep(app, step);
      else await inApp(step.command);
      if (step.kind === 'run' && step.command === last) return;
    }
    throw new Error(`The quick start does not say: ${last}`);
  }

  async function withServer<T>(
    command: string,
    environment: Record<string, string>,
    use: (url: string) => Promise<T>,
    cwd = app,
  ): Promise<T> {
    const port = String(await freePort());
    const server = await startServer(command, STARTED, { cwd, env: { PORT: port, ...environment } });
    try {
      return await use(`http://localhost:${port}`);
    } finally {
      await server.stop();
    }
  }

  beforeAll(async () => {
    steps = await readQuickStart(DOCUMENT);
    const parent = join(folder.path, `nest${major}`);
    await mkdir(parent);
    await inApp(`npx --yes @nestjs/cli@${major} new shop --strict --package-manager npm`, parent);
    app = join(parent, 'shop');
    await cp(app, join(parent, 'pristine'), { recursive: true, verbatimSymlinks: true });
  });
  // The next one needs the room.
  afterAll(() => rm(join(folder.path, `nest${major}`), { recursive: true, force: true }));

  it('has the module after `nest add`, and is told what comes next', async () => {
    const [first] = steps;
    expect(first).toEqual({ kind: 'run', command: 'npx nest add nestjs-mcp-auth' });
    steps.shift();
    const said = await inApp('npx nest add nestjs-mcp-auth');
    expect(said).toMatch(/CREATE\S* src\/mcp-auth\.options\.ts/);
    expect(said.slice(said.indexOf('Packages installed successfully'))).toContain(
      '1. Connect your login in src/mcp-auth.options.ts: currentUser and loginUrl.',
    );
    const { collection } = JSON.parse(await readFile(join(app, 'nest-cli.json'), 'utf8')) as {
      collection: string;
    };
    expect(collection).toBe('nestjs-mcp-auth/schematics');
  });

  it('boots right after it, with its own routes as they were', async () => {
    await inApp('npm run build');
    await withServer('node dist/main', {}, async (url) => {
      expect(await (await fetch(url)).text()).toBe('Hello World!');
      const metadata = await fetch(`${url}/.well-known/oauth-authorization-server`);
      expect(await metadata.json()).toMatchObject({ issuer: url });
      expect((await fetch(`${url}/mcp/api`)).status).toBe(401);
    });
  });

  it('is left as it is by the literal command, which has nothing to do any more', async () => {
    const before = await digests(app);
    const said = await inApp('npx nest g mcp-auth:install');
    expect(said).toContain('Nothing to be done.');
    expect(await digests(app)).toEqual(before);
  });

  it('generates a guarded controller, and what Nest generates', async () => {
    await followUntil('npx nest g mcp-auth:mcp-controller notes');
    expect(await inApp('npx nest g service foo')).toMatch(/CREATE\S* src\/foo\/foo\.service\.ts/);
    await rm(join(app, 'views'), { recursive: true });
    expect(await inApp('npx nest g -c nestjs-mcp-auth consent-view')).toMatch(
      /CREATE\S* views\/mcp-auth\/consent\.hbs/,
    );
    expect(await inApp('npx nest g mcp-auth:migration')).toContain('Every migration is there already.');
  });

  it('passes its linter, its formatter and its own tests, those that were generated among them', async () => {
    await followUntil('npm test');
    await inApp(lint);
    await inApp('npx prettier --check "src/**/*.ts" "test/**/*.ts"');
    const said = await inApp('npm test');
    expect(said).toContain('notes.controller.spec.ts');
    expect(said).toContain('foo.service.spec.ts');
    expect(await inApp('npm run test:e2e')).toContain('app.e2e-spec.ts');
  });

  it('walks the whole flow, with its login and the generated consent page', async () => {
    expect(steps).toEqual([{ kind: 'run', command: 'npm start' }]);
    await withServer('npm start', {}, async (url) => {
      const flow = new Flow(url);
      const unauthorized = await flow.call(undefined, '/mcp/api/notes/whoami');
      expect(unauthorized.status).toBe(401);
      expect(unauthorized.headers.get('www-authenticate')).toContain('resource_metadata=');

      const client = await flow.register({ client_name: 'Fresh client' });
      const pkce = createPkce();
      const browser = new TestBrowser();
      const toLogin = await browser.request(flow.authorizeUrl(client, pkce));
      const login = new URL(toLogin.headers.get('location') ?? '', url);
      expect(login.pathname).toBe('/login');
      expect(await (await browser.request(login.href)).text()).toContain('<input name="name">');
      const signedIn = await browser.submit(login.href, [['name', 'alice']]);
      const back = new URL(signedIn.headers.get('location') ?? '', url);
      expect(back.pathname).toBe('/oauth/authorize');
      expect(await (await browser.request(back.href)).text()).toContain('Fresh client wants access to');

      const redirect = await flow.consent(browser, back.href);
      const { body } = await flow.redeem(client, redirect.searchParams.get('code') ?? '', pkce);
      const whoami = await flow.call(body.access_token, '/mcp/api/notes/whoami');
      expect(await whoami.json()).toEqual({ userId: 'alice', scopes: ['mcp:read', 'mcp:write'] });
      const echo = await flow.call(body.access_token, '/mcp/api/notes/echo', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"text":"hello"}',
      });
      expect(await echo.json()).toEqual({ from: 'alice', body: { text: 'hello' } });
      expect((await flow.refresh(client, String(body.refresh_token))).status).toBe(200);
    });
  });

  it('can be set up from the collection alone, for PostgreSQL', async () => {
    const pristine = join(folder.path, `nest${major}`, 'pristine');
    await inApp('npm install --no-audit --no-fund nestjs-mcp-auth', pristine);
    await inApp('npx schematics nestjs-mcp-auth:install --db=postgres', pristine);
    const { collection } = JSON.parse(await readFile(join(pristine, 'nest-cli.json'), 'utf8')) as {
      collection: string;
    };
    expect(collection).toBe('@nestjs/schematics');
    const before = await digests(pristine);
    expect(await inApp('npx nest g -c nestjs-mcp-auth install', pristine)).toContain('Nothing to be done.');
    expect(await digests(pristine)).toEqual(before);
    await inApp('npm run build', pristine);

    const postgres = testDatabases().find(({ name }) => name === 'postgres');
    const database = (await postgres?.create()) as TestDatabase;
    const { url: databaseUrl } = database.options as { url: string };
    try {
      await withServer(
        'node dist/main',
        { DATABASE_URL: databaseUrl },
        async (url) => {
          expect((await new Flow(url).register()).client_id).not.toBe('');
        },
        pristine,
      );
    } finally {
      await database.drop();
    }
  });
});
