import { Inject, Injectable, Logger } from '@nestjs/common';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from '../../config/mcp-auth-config.js';
import { htmlAnswer, type HttpAnswer } from '../../http/http-answer.js';
import type { ConsentView, ErrorView } from '../consent-view.js';
import { CONSENT_TEMPLATE } from './consent.template.js';
import { compileCustomTemplate } from './custom-template.js';
import { ERROR_TEMPLATE } from './error.template.js';
import { STYLE, STYLE_SOURCE } from './style.js';
import { compileTemplate, type Template } from './template.js';

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
      consentViewPath === undefined
        ? compileTemplate(CONSENT_TEMPLATE)
        : compileCustomTemplate(consentViewPath);
    this.consentStyleSource = consentViewPath === undefined ? STYLE_SOURCE : "'self' 'unsafe-inline'";
    if (consentViewPath !== undefined) new Logger('McpAuth').log(`The consent page is ${consentViewPath}`);
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
