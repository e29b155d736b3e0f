import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { packInto, runOrFail, temporaryFolder } from '../support/workspace.js';

const MAX_PACKED_BYTES = 1_000_000;

/** Every path that a field of package.json names, however deep. */
function targets(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(targets) : [];
}

describe('the packed package', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let tarball: string;
  let root: string;
  let files: string[];

  beforeAll(async () => {
    folder = await temporaryFolder('contents');
    tarball = await packInto(folder.path);
    await runOrFail('tar', ['xzf', tarball], { cwd: folder.path });
    root = join(folder.path, 'package');
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  });
  afterAll(() => folder.remove());

  it('holds the two builds, the schematics and the documents, and nothing else', () => {
    const wanted = [
      /^(?:README|CHANGELOG|SECURITY)\.md$/,
      /^(?:LICENSE|package\.json)$/,
      /^dist\/(?:esm|cjs)\/(?:package\.json|.+\.(?:js|js\.map|d\.ts))$/,
      /^dist\/generators\/(?:package\.json|(?:lib|schematics)\/.+\.(?:js|json))$/,
    ];
    expect(files.filter((path) => !wanted.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(files.filter((path) => /\.spec\.|(?:^|\/)test\//.test(path))).toEqual([]);
    for (const pattern of wanted) expect(files.some((path) => pattern.test(path))).toBe(true);
    expect(files).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE']));
  });

  it('has every file that package.json names', async () => {
    const json = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    const { exports, main, module, types, typesVersions, schematics, bin } = json;
    const named = targets({ exports, main, module, types, typesVersions, schematics, bin });
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('has every file that its collection of schematics names', async () => {
    const path = join(root, 'dist/generators/schematics');
    const { schematics } = JSON.parse(await readFile(join(path, 'collection.json'), 'utf8')) as {
      schematics: Record<string, { factory: string; schema?: string }>;
    };
    const named = Object.values(schematics).flatMap(({ factory, schema }) => [
      `${factory.replace(/#.*/, '')}.js`,
      ...(schema === undefined ? [] : [schema]),
    ]);
    expect(named.filter((file) => !existsSync(join(path, file)))).toEqual([]);
  });

  it('maps its code to sources that it carries, since lib/ stays at home', async () => {
    for (const path of files.filter((file) => file.endsWith('.map'))) {
      const { sources, sourcesContent } = JSON.parse(await readFile(join(root, path), 'utf8')) as {
        sources: string[];
        sourcesContent?: string[];
      };
      expect([path, sourcesContent?.filter(Boolean).length]).toEqual([path, sources.length]);
    }
  });

  it('stays small', async () => {
    expect((await stat(tarball)).size).toBeLessThan(MAX_PACKED_BYTES);
  });
});
