import { existsSync, readFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorCode } from '../../maintenance/plain-message.js';
import { CommandFailure } from '../command-failure.js';

/** Each makes Node load TypeScript, and throws when the application has not installed it. */
type Loader = (applicationRequire: NodeJS.Require, cwd: string) => Promise<unknown> | void;

const tsx: Loader = (applicationRequire) => import(pathToFileURL(applicationRequire.resolve('tsx')).href);

// Entities need the types of their properties at run time (emitDecoratorMetadata): tsx does not write them, so it is last.
const COMMONJS_LOADERS: readonly Loader[] = [
  (applicationRequire) => void applicationRequire('ts-node/register/transpile-only'),
  (applicationRequire) => void applicationRequire('@swc-node/register'),
  tsx,
];
const ESM_LOADERS: readonly Loader[] = [
  (applicationRequire, cwd) =>
    registerHooks(applicationRequire, 'ts-node', 'ts-node/esm/transpile-only', cwd),
  (applicationRequire, cwd) =>
    registerHooks(applicationRequire, '@swc-node/register', '@swc-node/register/esm', cwd),
  tsx,
];

/** Loads a TypeScript file by whatever the application has installed for that, else by Node itself. */
export async function importTypeScript(file: string, cwd: string): Promise<unknown> {
  const isEsm = isEsModule(file);
  const applicationRequire = createRequire(join(cwd, 'package.json'));
  const isLoaderThere = await useFirst(isEsm ? ESM_LOADERS : COMMONJS_LOADERS, applicationRequire, cwd);
  if (isLoaderThere && !isEsm) return applicationRequire(file);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (isLoaderThere || !isAboutTypeScript(error)) throw error;
    throw new CommandFailure(
      `${file} is TypeScript, which this Node.js cannot load by itself: compile it and name the .js file, ` +
        'or install ts-node, @swc-node/register or tsx in the application',
    );
  }
}

async function useFirst(
  loaders: readonly Loader[],
  applicationRequire: NodeJS.Require,
  cwd: string,
): Promise<boolean> {
  for (const load of loaders) {
    try {
      await load(applicationRequire, cwd);
      return true;
    } catch {
      // Not installed, or not fit for the application's version of TypeScript.
    }
  }
  return false;
}

function registerHooks(
  applicationRequire: NodeJS.Require,
  name: string,
  specifier: string,
  cwd: string,
): void {
  applicationRequire.resolve(name);
  register(specifier, pathToFileURL(`${cwd}/`));
}

function isEsModule(file: string): boolean {
  const extension = extname(file);
  if (extension !== '.ts') return extension === '.mts';
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string }).type === 'module';
    }
    if (folder === dirname(folder)) return false;
  }
}

/** Unknown file extension: no type stripping; unsupported syntax: decorators, enums, which it does not know. */
function isAboutTypeScript(error: unknown): boolean {
  const code = errorCode(error);
  return (
    error instanceof SyntaxError ||
    code === 'ERR_UNKNOWN_FILE_EXTENSION' ||
    code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' ||
    code === 'ERR_INVALID_TYPESCRIPT_SYNTAX' ||
    code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING'
  );
}
