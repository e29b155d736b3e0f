import type { Tree } from '@angular-devkit/schematics';
import { readJson } from './json.js';
import { importStatements } from './import-statements.js';
import { findRootModule, type RootModule } from './root-module.js';
import { readText } from './tree.js';

/** Options that the Nest CLI and ours have in common. */
export interface ProjectOptions {
  /** Name of a project of a monorepo, as nest-cli.json has it. */
  project?: string;
  /** What the Nest CLI found out itself. */
  sourceRoot?: string;
}

export interface PackageJson {
  type?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  allowScripts?: Record<string, boolean>;
}

interface NestCli {
  collection?: string;
  sourceRoot?: string;
  entryFile?: string;
  generateOptions?: { baseDir?: string };
  projects?: Record<string, { type?: string; sourceRoot?: string; entryFile?: string }>;
}

/** What the generated files depend on: how the application is laid out, and what it is made of. */
export interface Project {
  /** Folder of the application's TypeScript, such as `src`, without slashes around it. */
  sourceRoot: string;
  /** Folders of libraries that the application may be made of. */
  libraryRoots: string[];
  /** The module that `main.ts` starts; null when it cannot be told. */
  rootModule: RootModule | null;
  /** Appended to relative imports: `.js` in an application of ES modules. */
  importSuffix: '' | '.js';
  /** Port that `main.ts` listens on when PORT is not set. */
  port: string;
  /** Major version of NestJS. */
  nestMajor: number;
  testRunner: 'jest' | 'vitest';
  packageJson: PackageJson;
}

/** What nest-cli.json names, so that `nest g mcp-auth:install` is understood. */
export const COLLECTION = 'nestjs-mcp-auth/schematics';

/** The names under which the Nest CLI looks for its configuration. */
const NEST_CLI_FILES = ['/nest-cli.json', '/.nest-cli.json'];

export function nestCliPath(tree: Tree): string | null {
  return NEST_CLI_FILES.find((path) => tree.exists(path)) ?? null;
}

export function readNestCli(tree: Tree): NestCli {
  const path = nestCliPath(tree);
  return (path !== null && readJson<NestCli>(tree, path)) || {};
}

/** @throws {Error} when this is no folder of an application, or the project is not there */
export function readProject(tree: Tree, options: ProjectOptions = {}): Project {
  const packageJson = readJson<PackageJson>(tree, '/package.json');
  if (!packageJson) {
    throw new Error('There is no package.json here: run this in the folder of a Nest application');
  }
  const cli = readNestCli(tree);
  const sourceRoot = sourceRootOf(cli, options);
  const entry = Object.values(cli.projects ?? {}).find((project) => tidy(project.sourceRoot) === sourceRoot);
  const main = `/${sourceRoot}/${(entry?.entryFile ?? cli.entryFile ?? 'main').split('/').at(-1)}.ts`;
  const mainSource = readText(tree, main);
  const rootModule = findRootModule(tree, sourceRoot, mainSource);
  const all = { ...packageJson.devDependencies, ...packageJson.dependencies };
  return {
    sourceRoot,
    libraryRoots: Object.values(cli.projects ?? {}).flatMap(({ type, sourceRoot: root }) =>
      type === 'library' && root ? [tidy(root)] : [],
    ),
    rootModule,
    importSuffix: packageJson.type === 'module' || importsWithSuffix(mainSource) ? '.js' : '',
    port: /\.listen\(\s*(?:process\.env\.PORT\s*(?:\?\?|\|\|)\s*)?['"]?(\d+)/.exec(mainSource)?.[1] ?? '3000',
    nestMajor: Number(/\d+/.exec(all['@nestjs/core'] ?? '')?.[0] ?? 12),
    testRunner: all.vitest ? 'vitest' : 'jest',
    packageJson,
  };
}

function sourceRootOf(cli: NestCli, { project, sourceRoot }: ProjectOptions): string {
  if (project !== undefined && cli.projects) {
    const chosen = cli.projects[project];
    if (!chosen) {
      const names = Object.keys(cli.projects).join(', ');
      throw new Error(`nest-cli.json has no project '${project}'; it has ${names}`);
    }
    return tidy(chosen.sourceRoot ?? `${project}/src`);
  }
  const given = tidy(sourceRoot ?? cli.sourceRoot ?? 'src');
  // The CLI appends the folder that elements are generated into; the application begins above it.
  const baseDir = tidy(cli.generateOptions?.baseDir ?? '');
  return baseDir !== '' && given.endsWith(`/${baseDir}`) ? given.slice(0, -baseDir.length - 1) : given;
}

const tidy = (path = ''): string => path.replaceAll('\\', '/').replace(/^(?:\.?\/)+|\/+$/g, '');

const importsWithSuffix = (source: string): boolean =>
  importStatements(source).some(({ from }) => /^\.{1,2}\/.*\.js$/.test(from));
