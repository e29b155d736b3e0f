import type { Tree } from '@angular-devkit/schematics';
import { importStatements } from './import-statements.js';
import { joinPath } from './paths.js';
import { codeOf } from './source-code.js';
import { readText } from './tree.js';

/** The file and the class of the module that an application starts with. */
export interface RootModule {
  path: string;
  className: string;
}

/** What `main.ts` passes to `NestFactory.create()`; without such a line, `AppModule` where Nest puts it. */
export function findRootModule(tree: Tree, sourceRoot: string, mainSource: string): RootModule | null {
  const started = /\bNestFactory\s*\.\s*create\w*\s*(?:<[^()]*>)?\s*\(\s*(\w+)/.exec(codeOf(mainSource))?.[1];
  const imported = importStatements(mainSource).find(
    ({ text }) => started !== undefined && new RegExp(`\\b${started}\\b`).test(text),
  );
  if (started !== undefined && imported?.from.startsWith('.')) {
    const base = joinPath(`/${sourceRoot}`, imported.from).replace(/\.js$/, '');
    const path = [`${base}.ts`, `${base}/index.ts`].find((candidate) => tree.exists(candidate));
    if (path !== undefined && new RegExp(`\\bclass\\s+${started}\\b`).test(codeOf(readText(tree, path)))) {
      return { path, className: started };
    }
  }
  const path = `/${sourceRoot}/app.module.ts`;
  return tree.exists(path) ? { path, className: 'AppModule' } : null;
}
