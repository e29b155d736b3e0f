import { AuthorizationFlowError } from './authorization-flow.error.js';
import { readForms, type HtmlForm } from './html-form.js';

/** Name of the checkboxes, built-in page and custom ones alike. */
const SCOPES_FIELD = 'scopes[]';

/** The user's answer on a consent page. */
export interface ConsentAnswer {
  approved: boolean;
  /** Scopes that are left ticked; all when undefined. */
  ticked: readonly string[] | undefined;
}

/**
 * What the form of a consent page posts when the user gives `answer`.
 *
 * @throws {AuthorizationFlowError} when there is no such form, or no checkbox for a scope
 */
export function answerConsent(
  html: string,
  answer: ConsentAnswer,
): { action: string; fields: [string, string][] } {
  const approved = String(answer.approved);
  const form = readForms(html).find(({ buttons }) =>
    buttons.some(({ name, value }) => name === 'approved' && value === approved),
  );
  if (!form) {
    const problem = `the page has no form with a button named approved of value ${approved}`;
    throw new AuthorizationFlowError('consent', problem, { body: html });
  }
  const kept = form.fields.map(({ name, value }): [string, string] => [name, value]);
  const ticked = tickedScopes(form, answer.ticked).map((scope): [string, string] => [SCOPES_FIELD, scope]);
  return { action: form.action, fields: [...kept, ...ticked, ['approved', approved]] };
}

function tickedScopes({ checkboxes }: HtmlForm, wanted: readonly string[] | undefined): string[] {
  const offered = checkboxes.filter(({ name }) => name === SCOPES_FIELD).map(({ value }) => value);
  if (wanted === undefined) return offered;
  const missing = wanted.filter((scope) => !offered.includes(scope));
  if (missing.length === 0) return [...wanted];
  throw new AuthorizationFlowError(
    'consent',
    `${missing.join(' ')} cannot be ticked; the page offers ${offered.join(' ') || 'nothing to choose'}`,
  );
}
