import { existsSync, readFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorCode, plainMessage } from '../../maintenance/plain-message.js';
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
    const problem = isLoaderThere ? problemOfTsx(error) : problemOfNode(error);
    if (problem === null) throw error;
    throw new CommandFailure(`${file} is TypeScript, and ${problem}`);
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

function problemOfTsx(error: unknown): string | null {
  if (!plainMessage(error).includes('emitDecoratorMetadata')) return null;
  return (
    'its entities need decorator metadata, which tsx does not write: install ts-node or @swc-node/register in the ' +
    'application, or compile it and name the .js file'
  );
}

/** Types may be stripped or not; decorators, enums and `.js` for a `.ts` file are beyond every Node.js. */
const BEYOND_NODE: ReadonlySet<string | undefined> = new Set([
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_MODULE_NOT_FOUND',
]);

function problemOfNode(error: unknown): string | null {
  if (!(error instanceof SyntaxError) && !BEYOND_NODE.has(errorCode(error))) return null;
  return (
    `this Node.js cannot load it by itself (${plainMessage(error)}): compile it and name the .js file, ` +
    'or install ts-node, @swc-node/register or tsx in the application'
  );
}
