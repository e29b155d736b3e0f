import type { DirEntry, Tree } from '@angular-devkit/schematics';
import type { Project } from './project.js';
import { codeOf } from './source-code.js';
import { readText } from './tree.js';

export interface SourceFile {
  path: string;
  text: string;
  /** The text without strings and comments. */
  code: string;
}

/** The application's own TypeScript, and its libraries', that mentions a word. Tests are no part of an application. */
export function sourceFilesWith(tree: Tree, project: Project, word: RegExp): SourceFile[] {
  const roots = [...new Set([project.sourceRoot, ...project.libraryRoots])];
  const paths = roots.flatMap((root) => filesIn(tree.getDir(`/${root}`)));
  const atTop = tree.getDir('/').subfiles.map((name) => `/${name}`);
  return [...new Set([...paths, ...atTop])]
    .filter((path) => path.endsWith('.ts') && !/[.-](?:spec|test|d)\.ts$/.test(path))
    .map((path) => ({ path, text: readText(tree, path) }))
    .filter(({ text }) => word.test(text))
    .map((file) => ({ ...file, code: codeOf(file.text) }));
}

/** Every file in a folder. A tree can also visit, but it would walk through node_modules. */
export function filesIn(folder: DirEntry): string[] {
  return [
    ...folder.subfiles.map((name) => `${folder.path === '/' ? '' : folder.path}/${name}`),
    ...folder.subdirs
      .filter((name) => name !== 'node_modules' && name !== 'dist')
      .flatMap((name) => filesIn(folder.dir(name))),
  ];
}
