import { CONSENT_TEMPLATE } from '../../lib/authorization/pages/consent.template.js';
import { STYLE } from '../../lib/authorization/pages/style.js';

const HEAD = `{{!--
  The consent page of nestjs-mcp-auth, as long as this file is there. Change it as you like; it is tried at every start.

  clientName          name of the application that asks, cleaned of invisible characters
  clientId, clientHost  its client_id, and the host of its website if it named one
  clientIsVerified    whether an operator registered it, and not it itself
  userName            who is signed in
  resourceName, resource  name and URL of the MCP server
  scopes              what is asked for: key, name, description, required
  requestedScopes     the same as sentences
  redirectUri, redirectHost, redirectIsLoopback  where the browser goes afterwards
  showNotice          whether there is something to warn of
  authorizationParams  fields that the form has to post, all of them
  approveUrl          where it posts them

  The form posts approved=true or approved=false. With checkboxes named scopes[] the user chooses; without any, what was
  asked for is granted. Values are escaped. Scripts are refused by the page's Content-Security-Policy.
--}}
`;

/** The built-in page as a template of the application. */
export function consentTemplate(): string {
  return HEAD + CONSENT_TEMPLATE.replace('{{{style}}}', () => STYLE);
}
