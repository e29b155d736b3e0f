import { McpAuthConfigurationError } from '../config/configuration.error.js';
import type { McpAuthConfig } from '../config/mcp-auth-config.js';
import type { McpAuthOptions } from '../config/mcp-auth-options.js';
import { resolveConfig } from '../config/resolve-config.js';
import { CommandFailure } from './command-failure.js';
import { readOptions } from './files/options-file.js';
import type { Terminal } from './terminal.js';

/** The longest that the option allows, in seconds. */
const LONGEST_ACCESS_TOKEN_LIFETIME = 86_400;
const FOR_EVER = 100 * 365 * 86_400;

/** What a command knows about the application. */
export interface CommandConfig {
  config: McpAuthConfig;
  /** False when there is only the environment: lifetimes, scopes and the like are then unknown. */
  hasOptions: boolean;
  /** What would stop the application from starting. */
  problems: readonly string[];
}

/**
 * Options from a file, or from the environment alone. Rules of production do not keep a command from revoking a token;
 * what they object to is listed for the doctor.
 *
 * @throws {CommandFailure} when the options are of no use at all
 */
export async function loadConfig(file: string | undefined, terminal: Terminal): Promise<CommandConfig> {
  const options = file === undefined ? {} : await readOptions(file, terminal.cwd);
  const hasOptions = file !== undefined;
  const complete: McpAuthOptions = hasOptions
    ? options
    : { currentUser: () => null, loginUrl: () => '/', ...cautiousOptions() };
  const context = { environment: terminal.env, routePrefix: mountedPath(options, terminal.env) };
  const problems = problemsOf(() => resolveConfig(complete, context));
  const usable = { currentUser: () => null, loginUrl: () => '/', ...complete, production: false };
  const fatal = problemsOf(() => resolveConfig(usable, context));
  if (fatal.length > 0) {
    throw new CommandFailure(
      `The options are wrong:\n${fatal.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
  // The hook belongs to the running application, with all that it may need.
  const config = { ...resolveConfig(usable, context), onAuditEvent: undefined };
  return { config, hasOptions, problems };
}

/** Where the application's own values are unknown: nothing that may still matter is deleted or forgotten. */
function cautiousOptions(): McpAuthOptions {
  return { accessTokenLifetime: LONGEST_ACCESS_TOKEN_LIFETIME, cleanup: { unusedClientLifetime: FOR_EVER } };
}

function problemsOf(resolve: () => unknown): readonly string[] {
  try {
    resolve();
    return [];
  } catch (error) {
    if (error instanceof McpAuthConfigurationError) return error.problems;
    throw error;
  }
}

/** The module's `routePrefix`: what the path of `serverUrl` asks for. */
function mountedPath(options: McpAuthOptions, environment: NodeJS.ProcessEnv): string {
  const url = options.serverUrl ?? (environment.MCP_SERVER_URL || '');
  if (!URL.canParse(url)) return '';
  const path = new URL(url).pathname.replace(/\/$/, '');
  const stripped = options.strippedPathPrefix ?? '';
  return path.startsWith(stripped) ? path.slice(stripped.length) : path;
}
