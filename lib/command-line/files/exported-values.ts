import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plainMessage } from '../../maintenance/plain-message.js';
import { CommandFailure } from '../command-failure.js';
import { findFile } from './find-file.js';
import { importTypeScript } from './import-typescript.js';

/**
 * The distinct values that a file exports, by name or as default; promises are awaited.
 *
 * @throws {CommandFailure} saying why the file cannot be loaded
 */
export async function exportedValues(name: string, cwd: string): Promise<unknown[]> {
  const file = findFile(name, cwd);
  try {
    const exports: unknown = /^\.[mc]?ts$/.test(extname(file))
      ? await importTypeScript(file, cwd)
      : await import(pathToFileURL(file).href);
    const values: unknown[] = [];
    for (const value of membersOf(exports)) values.push(await value);
    return [...new Set(values)];
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(`'${name}' cannot be loaded: ${plainMessage(error)}`);
  }
}

/** CommonJS comes as the default of an ES module: its members are exports as well. */
function membersOf(exports: unknown): unknown[] {
  if (typeof exports !== 'object' || exports === null) return [exports];
  const members = Object.values(exports);
  const nested = members.filter(isExportsObject).flatMap((value) => Object.values(value));
  return [...members, ...nested];
}

function isExportsObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && '__esModule' in value;
}
