/** Members of an authorization response; those that are undefined are left out. */
export type ResponseParameters = Record<string, string | undefined>;

/**
 * The URL of an authorization response (RFC 6749, section 4.1.2). What the redirect URI's own query holds is retained
 * (section 3.1.2), and nothing is normalised: the client registered these very characters.
 */
export function authorizationResponseUrl(redirectUri: string, parameters: ResponseParameters): string {
  const present = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const separator = !redirectUri.includes('?') ? '?' : /[?&]$/.test(redirectUri) ? '' : '&';
  return `${redirectUri}${separator}${new URLSearchParams(present).toString()}`;
}
