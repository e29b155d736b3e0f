import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { CommandFailure } from '../command-failure.js';

const EXTENSIONS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/**
 * The absolute path of a file that is named from the working directory, with or without its extension.
 *
 * @throws {CommandFailure} when there is none, or it is no JavaScript or TypeScript
 */
export function findFile(name: string, cwd: string): string {
  const path = resolve(cwd, name);
  const found = [path, ...EXTENSIONS.map((extension) => path + extension)].find(
    (candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() ?? false,
  );
  if (found === undefined) {
    throw new CommandFailure(
      `There is no file '${name}' (looked for ${path}, also with ${EXTENSIONS.join(' ')})`,
      2,
    );
  }
  if (!EXTENSIONS.includes(extname(found))) {
    throw new CommandFailure(`'${name}' must be a file that ends in one of: ${EXTENSIONS.join(' ')}`, 2);
  }
  return found;
}
