import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

const LIB = join(process.cwd(), 'lib');
const GROUND_FLOOR = ['config', 'http', 'storage', 'keys'];
/** What puts the rooms together: the module, and the command line. */
const ROOF = ['', 'command-line'];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => join(folder, name));
}

interface Import {
  from: string;
  to: string;
  file: string;
  target: string;
}

const imports: Import[] = sourceFiles(LIB).flatMap((file) => {
  const name = relative(LIB, file).split('\\').join('/');
  return [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, specifier = '']) => {
    const target = posix.join(dirname(name), specifier);
    const folder = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : '');
    return { from: folder(name), to: folder(target), file: name, target };
  });
});

/** A circle that starts at `folder`, or null. */
function circleFrom(folder: string, path: string[] = []): string[] | null {
  if (path.includes(folder)) return [...path, folder];
  const next = new Set(
    imports.filter(({ from, to }) => from === folder && to !== folder).map(({ to }) => to),
  );
  for (const to of next) {
    const circle = circleFrom(to, [...path, folder]);
    if (circle) return circle;
  }
  return null;
}

describe('imports between the folders of lib', () => {
  it('are seen by this test', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('never go round in a circle', () => {
    const folders = [...new Set(imports.map(({ from }) => from))].filter(Boolean);
    expect(folders.map((folder) => circleFrom(folder)).filter(Boolean)).toEqual([]);
  });

  it('never lead from the ground floor into a room above', () => {
    const upward = imports.filter(
      ({ from, to }) => GROUND_FLOOR.includes(from) && !GROUND_FLOOR.includes(to),
    );
    expect(upward).toEqual([]);
  });

  it('never lead into what is for the tests of applications, the package itself has no use for it', () => {
    expect(imports.filter(({ from, to }) => to === 'testing' && from !== 'testing')).toEqual([]);
  });

  it('never lead from a room to the roof, or to the controller of another room', () => {
    const wrong = imports.filter(
      ({ from, to, target }) =>
        !ROOF.includes(from) && (ROOF.includes(to) || (to !== from && target.endsWith('.controller.js'))),
    );
    expect(wrong).toEqual([]);
  });

  it('lead to the command line from nowhere: the package works without it', () => {
    expect(imports.filter(({ from, to }) => to === 'command-line' && from !== to)).toEqual([]);
  });
});
