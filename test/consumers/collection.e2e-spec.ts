import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SchematicTestRunner } from '@angular-devkit/schematics/testing/index.js';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { application } from '../support/schematic-tree.js';
import { npmInstall, packInto, runOrFail, temporaryFolder } from '../support/workspace.js';

/** What `nest g` passes to every schematic, whether it asked for it or not. */
const FLAGS = {
  language: 'ts',
  sourceRoot: 'src',
  spec: true,
  flat: false,
  specFileSuffix: 'spec',
  skipImport: false,
};

describe('the packed collection', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let runner: SchematicTestRunner;

  beforeAll(async () => {
    folder = await temporaryFolder('collection');
    const tarball = await packInto(folder.path);
    await writeFile(join(folder.path, 'package.json'), '{ "private": true }');
    // In CommonJS, which Jest can load for the devkit; the application of Nest 12 has the other one.
    await npmInstall(folder.path, '@nestjs/schematics@11', 'typescript@5');
    const root = join(folder.path, 'node_modules/nestjs-mcp-auth');
    await mkdir(root);
    await runOrFail('tar', ['xzf', tarball, '--strip-components=1'], { cwd: root });
    runner = new SchematicTestRunner(
      'nestjs-mcp-auth',
      join(root, 'dist/generators/schematics/collection.json'),
    );
  });
  afterAll(() => folder.remove());

  it('installs, and then says what comes next', async () => {
    const tree = await runner.runSchematic('nest-add', { sourceRoot: 'src' }, application());
    expect([...tree.files].sort()).toEqual([
      '/.env.example',
      '/nest-cli.json',
      '/package.json',
      '/src/app.module.ts',
      '/src/main.ts',
      '/src/mcp-auth.options.ts',
      ...tree.files.filter((path) => path.startsWith('/src/migrations/')),
      '/views/mcp-auth/consent.hbs',
    ]);
    expect(tree.readText('/src/app.module.ts')).toContain("type: 'better-sqlite3',");
    expect(runner.tasks.map(({ name }) => name)).toEqual(['node-package', 'run-schematic']);
  });

  it('takes what nest g passes, and changes nothing the second time', async () => {
    const once = await runner.runSchematic('install', FLAGS, application());
    const before = once.files.map((path) => [path, once.readText(path)]);
    const twice = await runner.runSchematic('install', FLAGS, once);
    expect(twice.files.map((path) => [path, twice.readText(path)])).toEqual(before);
    expect(runner.tasks).toEqual([]);
  });

  it('has the defaults of its schemas, and refuses what they do not allow', async () => {
    const tree = await runner.runSchematic('install', { db: 'mariadb' }, application());
    expect(tree.readText('/src/app.module.ts')).toContain("type: 'mariadb',");
    await expect(runner.runSchematic('install', { db: 'oracle' }, application())).rejects.toThrow(
      /must be equal to one of the allowed values/,
    );
    const controller = await runner.runSchematic('mcp-controller', {}, application());
    expect(controller.exists('/src/mcp/mcp.controller.spec.ts')).toBe(true);
  });

  it.each([
    ['consent-view', '/views/mcp-auth/consent.hbs'],
    ['migration', '/src/migrations/1764000000000-create-mcp-auth-tables.ts'],
    ['mcp-controller', '/src/notes/notes.controller.ts'],
  ])('runs %s with what nest g passes', async (name, file) => {
    const tree = await runner.runSchematic(name, { ...FLAGS, name: 'notes' }, application());
    expect(tree.exists(file)).toBe(true);
  });

  it("has Nest's own schematics as well", async () => {
    const tree = await runner.runSchematic('service', { ...FLAGS, name: 'foo' }, application());
    expect(tree.exists('/src/foo/foo.service.ts')).toBe(true);
    expect(tree.readText('/src/app.module.ts')).toContain('FooService');
  });

  it('offers what is for people, and not what only its own schematics call', () => {
    const names = runner.engine.createCollection('nestjs-mcp-auth').listSchematicNames();
    expect(names).toEqual(
      expect.arrayContaining([
        'consent-view',
        'install',
        'mcp-controller',
        'migration',
        'nest-add',
        'service',
      ]),
    );
    expect(names).not.toContain('say');
  });
});
