import type { McpAuthOptions, McpAuthOptionsFactory } from '../../config/mcp-auth-options.js';
import { plainMessage } from '../../maintenance/plain-message.js';
import { CommandFailure } from '../command-failure.js';
import { exportedValues } from './exported-values.js';
import { isClass, isPlainObject } from './kinds.js';

/**
 * The module's options as a file exports them: a class or object with `createMcpAuthOptions`, else a function that
 * returns options, else options.
 *
 * @throws {CommandFailure} saying what is wrong with the file
 */
export async function readOptions(name: string, cwd: string): Promise<McpAuthOptions> {
  const values = await exportedValues(name, cwd);
  const factories = values.filter(isFactory);
  const functions = values.filter((value) => typeof value === 'function' && !isClass(value));
  const candidates =
    [factories, functions, values.filter(isPlainObject)].find((kind) => kind.length > 0) ?? [];
  if (candidates.length !== 1) {
    throw new CommandFailure(
      `'${name}' must export the options of McpAuthModule: an object, a function that returns it, or a class with ` +
        `createMcpAuthOptions(); it exports ${candidates.length === 0 ? 'none of these' : `${candidates.length} of these`}`,
    );
  }
  const options = await answerOf(candidates[0], name);
  if (!isPlainObject(options)) throw new CommandFailure(`'${name}' gives no options: an object is expected`);
  return options;
}

type Factory = McpAuthOptionsFactory | (new () => McpAuthOptionsFactory);

function isFactory(value: unknown): value is Factory {
  const target: unknown = isClass(value) ? value.prototype : value;
  return typeof target === 'object' && target !== null && 'createMcpAuthOptions' in target;
}

async function answerOf(candidate: unknown, name: string): Promise<unknown> {
  if (isClass(candidate) && candidate.length > 0) {
    throw new CommandFailure(
      `${candidate.name} in '${name}' is given other providers by Nest: for the command line export a function that ` +
        'returns the options',
    );
  }
  try {
    if (isFactory(candidate)) {
      const factory = isClass(candidate) ? (new candidate() as McpAuthOptionsFactory) : candidate;
      return await factory.createMcpAuthOptions();
    }
    return typeof candidate === 'function' ? await (candidate as () => unknown)() : candidate;
  } catch (error) {
    throw new CommandFailure(`The options of '${name}' cannot be read: ${plainMessage(error)}`);
  }
}
