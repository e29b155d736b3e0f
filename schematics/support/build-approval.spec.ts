import { describe, expect, it } from '@jest/globals';
import { application, readJsonFile } from '../../test/support/schematic-tree.js';
import { approveBuild } from './build-approval.js';

describe('the approval of an install script', () => {
  it('goes where npm looks for it, beside others', () => {
    const tree = application({ '/package.json': { name: 'app', allowScripts: { bcrypt: true } } });
    approveBuild(tree, 'better-sqlite3');
    expect(readJsonFile(tree, '/package.json')).toEqual({
      name: 'app',
      allowScripts: { bcrypt: true, 'better-sqlite3': true },
    });
  });

  it('goes where Yarn looks for it', () => {
    const tree = application({ '/yarn.lock': '', '/package.json': { name: 'app' } });
    approveBuild(tree, 'better-sqlite3');
    expect(readJsonFile(tree, '/package.json')).toEqual({
      name: 'app',
      dependenciesMeta: { 'better-sqlite3': { built: true } },
    });
  });

  it.each([
    [null, 'allowBuilds:\n  better-sqlite3: true\n'],
    ['packages:\n  - apps/*', 'packages:\n  - apps/*\nallowBuilds:\n  better-sqlite3: true\n'],
    ['allowBuilds:\n  esbuild: true\n', 'allowBuilds:\n  better-sqlite3: true\n  esbuild: true\n'],
  ])('goes where pnpm looks for it: %j', (present, expected) => {
    const tree = application({ '/pnpm-lock.yaml': '', '/pnpm-workspace.yaml': present });
    const before = tree.readText('/package.json');
    approveBuild(tree, 'better-sqlite3');
    expect(tree.readText('/pnpm-workspace.yaml')).toBe(expected);
    expect(tree.readText('/package.json')).toBe(before);
  });

  it('is not given against a decision of the application', () => {
    const denied = { name: 'app', allowScripts: { 'better-sqlite3@12.0.0': false } };
    const npm = application({ '/package.json': denied });
    approveBuild(npm, 'better-sqlite3');
    expect(readJsonFile(npm, '/package.json')).toEqual(denied);

    const pnpm = application({
      '/pnpm-lock.yaml': '',
      '/pnpm-workspace.yaml': 'allowBuilds:\n  better-sqlite3: false\n',
    });
    approveBuild(pnpm, 'better-sqlite3');
    expect(pnpm.readText('/pnpm-workspace.yaml')).toBe('allowBuilds:\n  better-sqlite3: false\n');

    const yarn = application({
      '/yarn.lock': '',
      '/package.json': { dependenciesMeta: { 'better-sqlite3': { built: false } } },
    });
    approveBuild(yarn, 'better-sqlite3');
    expect(readJsonFile(yarn, '/package.json')).toEqual({
      dependenciesMeta: { 'better-sqlite3': { built: false } },
    });
  });
});
