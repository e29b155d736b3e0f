import type { Tree } from '@angular-devkit/schematics';

interface PackageJson {
  type?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** What the generated files depend on: how the application is laid out, and what it is made of. */
export interface Project {
  /** Folder of the application's TypeScript, such as `src`. */
  sourceRoot: string;
  /** Appended to relative imports: `.js` in an application of ES modules. */
  importSuffix: '' | '.js';
  /** Major version of NestJS. */
  nestMajor: number;
  testRunner: 'jest' | 'vitest';
  packageJson: PackageJson;
}

export function readJson<T>(tree: Tree, path: string): T | null {
  const buffer = tree.read(path);
  if (!buffer) return null;
  try {
    return JSON.parse(buffer.toString('utf8')) as T;
  } catch {
    throw new Error(
      `${path} is not plain JSON; take its comments out, or follow the steps of the documentation by hand`,
    );
  }
}

/** @throws {Error} when this is no folder of an application */
export function readProject(tree: Tree): Project {
  const packageJson = readJson<PackageJson>(tree, '/package.json');
  if (!packageJson)
    throw new Error('There is no package.json here: run this in the folder of a Nest application');
  const cli = readJson<{ sourceRoot?: string }>(tree, '/nest-cli.json');
  const all = { ...packageJson.devDependencies, ...packageJson.dependencies };
  return {
    sourceRoot: (cli?.sourceRoot ?? 'src').replace(/^\.?\/|\/$/g, ''),
    importSuffix: packageJson.type === 'module' ? '.js' : '',
    nestMajor: Number(/\d+/.exec(all['@nestjs/core'] ?? '')?.[0] ?? 12),
    testRunner: all.vitest ? 'vitest' : 'jest',
    packageJson,
  };
}

/** Writes a file unless it is there already: nothing of the application is ever overwritten. */
export function createOnce(tree: Tree, path: string, content: string): boolean {
  if (tree.exists(path)) return false;
  tree.create(path, content);
  return true;
}
