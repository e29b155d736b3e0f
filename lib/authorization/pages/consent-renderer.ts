import { Inject, Injectable } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { McpAuthConfigurationError } from '../../config/configuration.error.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../../config/mcp-auth-config.js';
import { htmlAnswer, type HttpAnswer } from '../../http/http-answer.js';
import type { ConsentView, ErrorView } from '../consent-view.js';
import { TICKET_FIELD } from '../consent-view-builder.js';
import { CONSENT_TEMPLATE } from './consent.template.js';
import { ERROR_TEMPLATE } from './error.template.js';
import { STYLE, STYLE_SOURCE } from './style.js';
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

/** Renders what people see. */
@Injectable()
export class ConsentRenderer {
  private readonly consent: Template;
  private readonly error = compileTemplate(ERROR_TEMPLATE);
  /** A template of the application may carry a <style> of its own. */
  private readonly consentStyleSource: string;

  /** @throws {McpAuthConfigurationError} when the application's template is missing or broken */
  constructor(@Inject(MCP_AUTH_CONFIG) { consentViewPath }: Pick<McpAuthConfig, 'consentViewPath'>) {
    this.consent =
      consentViewPath === undefined ? compileTemplate(CONSENT_TEMPLATE) : compileCustom(consentViewPath);
    this.consentStyleSource = consentViewPath === undefined ? STYLE_SOURCE : "'self' 'unsafe-inline'";
  }

  consentPage(view: ConsentView, headers: Record<string, string>): HttpAnswer {
    const html = this.consent({
      ...view,
      style: STYLE,
      showNotice: view.redirectIsLoopback || !view.clientIsVerified,
    });
    return htmlAnswer(200, html, this.consentStyleSource, headers);
  }

  errorPage(view: ErrorView, status: number, headers: Record<string, string> = {}): HttpAnswer {
    return htmlAnswer(status, this.error({ ...view, style: STYLE }), STYLE_SOURCE, headers);
  }
}

function compileCustom(path: string): Template {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch {
    throw new McpAuthConfigurationError([
      `useCustomConsentView is set, but consentViewPath (${path}) cannot be read; create the template or unset the option`,
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
