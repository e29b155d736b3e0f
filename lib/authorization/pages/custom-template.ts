import { readFileSync } from 'node:fs';
import { McpAuthConfigurationError } from '../../config/configuration.error.js';
import { TICKET_FIELD } from '../consent-view-builder.js';
import type { ConsentView } from '../consent-view.js';
import { compileTemplate, type Template } from './template.js';

const SPECIMEN_TICKET = 'specimen-of-a-consent-ticket';
const SPECIMEN: ConsentView = {
  clientName: 'Client',
  clientId: 'client',
  clientHost: 'client.example',
  redirectUri: 'https://client.example/callback',
  redirectHost: 'client.example',
  redirectIsLoopback: false,
  clientIsVerified: false,
  userName: 'User',
  resourceName: 'Server',
  resource: 'https://server.example/mcp',
  scopes: [{ key: 'scope', name: 'Scope', description: 'Description', required: false }],
  requestedScopes: ['Description'],
  authorizationParams: { client_id: 'client', [TICKET_FIELD]: SPECIMEN_TICKET },
  approveUrl: '/oauth/approve',
};

/** @throws {McpAuthConfigurationError} when the template is missing, broken, or does not post the request */
export function compileCustomTemplate(path: string): Template {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch {
    throw new McpAuthConfigurationError([
      `The template at consentViewPath (${path}) cannot be read; deploy it (the path is relative to the working directory), or set useCustomConsentView: false for the built-in page`,
    ]);
  }
  try {
    const template = compileTemplate(source);
    assertUsable(template);
    return template;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it does not compile';
    throw new McpAuthConfigurationError([`The template at consentViewPath (${path}) is broken: ${reason}`]);
  }
}

/** Renders once: a helper that does not exist, or a form without its fields, shows at start and not at the first user. */
function assertUsable(template: Template): void {
  const html = template(SPECIMEN);
  if (!html.includes(SPECIMEN_TICKET)) {
    throw new Error(
      'its form does not post the request; put {{#each authorizationParams}}<input type="hidden" name="{{@key}}" value="{{this}}">{{/each}} into it',
    );
  }
}
