import type { Rule } from '@angular-devkit/schematics';
import { createOnce } from '../support/tree.js';
import { consentTemplate } from '../templates/consent.js';

/** Where the generated template lies; what `consentViewPath` says by default. */
export const CONSENT_VIEW = 'views/mcp-auth/consent.hbs';

/** Writes the consent page as a template of the application. */
export function consentView(): Rule {
  return (tree, { logger }) => {
    const isNew = createOnce(tree, `/${CONSENT_VIEW}`, consentTemplate());
    logger.info(
      isNew
        ? `${CONSENT_VIEW} is the consent page from the next start on. Deploy it beside dist/; the path is relative to the folder that node starts in.`
        : `${CONSENT_VIEW} is there already; delete it to have it written anew.`,
    );
    return tree;
  };
}
