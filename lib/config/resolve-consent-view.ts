import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { McpAuthOptions } from './mcp-auth-options.js';

/** Where the schematics write the template. */
const GENERATED_VIEW = 'views/mcp-auth/consent.hbs';

/**
 * The template of the consent page; undefined for the built-in one. A template that the application names has to be there;
 * the generated one is used while it is, so that an image without `views/` still starts.
 */
export function resolveConsentView({
  useCustomConsentView,
  consentViewPath,
}: Pick<McpAuthOptions, 'useCustomConsentView' | 'consentViewPath'>): string | undefined {
  const path = resolve(consentViewPath ?? GENERATED_VIEW);
  const isUsed = useCustomConsentView ?? (consentViewPath !== undefined || existsSync(path));
  return isUsed ? path : undefined;
}
