import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { McpAuthConfig } from './mcp-auth-config.js';
import type { McpAuthOptions } from './mcp-auth-options.js';
import { secretProblem } from './secret-strength.js';

export const SECRET_REMEDY =
  'set MCP_HMAC_SECRET (or oauthSecret) to at least 32 random bytes, for example from `openssl rand -base64 32`';
const logger = new Logger('McpAuth');

export function resolveSecret(
  options: McpAuthOptions,
  environment: NodeJS.ProcessEnv,
  production: boolean,
  problems: string[],
): Pick<McpAuthConfig, 'oauthSecret' | 'oauthSecretIsConfigured'> {
  const secret = options.oauthSecret ?? (environment.MCP_HMAC_SECRET || undefined);
  for (const [index, previous] of (options.previousOauthSecrets ?? []).entries()) {
    const problem = secretProblem(previous);
    if (problem && production) problems.push(`previousOauthSecrets[${index}] ${problem}; remove it`);
  }
  if (secret !== undefined) {
    const problem = secretProblem(secret);
    if (problem && production) problems.push(`oauthSecret ${problem}: ${SECRET_REMEDY}`);
    else if (problem) logger.warn(`oauthSecret ${problem}; production refuses it: ${SECRET_REMEDY}`);
    return { oauthSecret: secret, oauthSecretIsConfigured: true };
  }
  if (production) problems.push(`oauthSecret is missing: ${SECRET_REMEDY}`);
  else logger.warn(`oauthSecret is missing, so tokens die with this process: ${SECRET_REMEDY}`);
  return { oauthSecret: randomBytes(32).toString('base64url'), oauthSecretIsConfigured: false };
}
