import type { OAuthError } from '../http/oauth-error.js';
import type { ErrorView } from './consent-view.js';

/** An error that may not be redirected, as people can understand it. */
export function toErrorView(error: OAuthError): ErrorView {
  const mayPass = error.status >= 500 || error.status === 429;
  return {
    title: mayPass ? 'Something went wrong' : 'This request cannot be completed',
    message: `${error.description}.`,
    hint: mayPass
      ? 'Try again in a moment. If it happens again, tell the people who run this server.'
      : 'Nothing was shared. Go back to the application and connect again; if it keeps failing, remove the connection there and add it anew.',
    code: error.code,
  };
}
