import { McpAuthConfigurationError } from './config/configuration.error.js';
import { VERSION } from './version.js';

const KEY = Symbol.for('nestjs-mcp-auth:copies');
const shared = globalThis as { [KEY]?: string[] };

/**
 * Remembers that this copy of the package was loaded. A CommonJS and an ES module copy of one version work together,
 * since they meet through symbols; different versions might not.
 */
export function registerCopy(): void {
  (shared[KEY] ??= []).push(VERSION);
}

/** @throws {McpAuthConfigurationError} when copies of different versions are in this process */
export function assertSameVersion(): void {
  const versions = [...new Set(shared[KEY])];
  if (versions.length <= 1) return;
  throw new McpAuthConfigurationError([
    `nestjs-mcp-auth is loaded in versions ${versions.join(' and ')}; ` +
      'see `npm ls nestjs-mcp-auth` and install one version only',
  ]);
}
