import type { Rule } from '@angular-devkit/schematics';
import { createOnce } from '../support/project.js';
import { consentTemplate } from '../templates/consent.js';

/** Where the generated template lies; what `consentViewPath` says by default. */
export const CONSENT_VIEW = 'views/mcp-auth/consent.hbs';

/** Writes the consent page as a template of the application. */
export function consentView(): Rule {
  return (tree, context) => {
    const created = createOnce(tree, `/${CONSENT_VIEW}`, consentTemplate());
    context.logger.info(
      created
        ? `To use the template: useCustomConsentView: true, consentViewPath: '${CONSENT_VIEW}'`
        : `${CONSENT_VIEW} is there already; delete it to have it written anew.`,
    );
    return tree;
  };
}
