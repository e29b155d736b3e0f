/** One scope as the consent page shows it. */
export interface ConsentScope {
  key: string;
  name: string;
  description: string;
  /** Always granted: shown as fixed. */
  required: boolean;
}

/** Everything that a consent template can show. Values are raw; the template engine escapes them. */
export interface ConsentView {
  /** Registered name, stripped of control and direction characters. */
  clientName: string;
  clientId: string;
  /** Host of the client's own web page (`client_uri`), when it gave one. */
  clientHost: string | undefined;
  /** Where the browser is sent afterwards. */
  redirectUri: string;
  /** Host of `redirectUri`, or its scheme for a private-use scheme. */
  redirectHost: string;
  /** The redirect stays on the user's own machine. */
  redirectIsLoopback: boolean;
  /** The operator registered this client. */
  clientIsVerified: boolean;
  userName: string;
  /** Name of the MCP server, or its URL. */
  resourceName: string;
  resource: string;
  scopes: ConsentScope[];
  /** The scopes as sentences. */
  requestedScopes: string[];
  /** Hidden fields of the form: the request's OAuth parameters and the consent ticket. */
  authorizationParams: Record<string, string>;
  /** Where the form is posted. */
  approveUrl: string;
}

/** The page for a request that may not be answered by a redirect. */
export interface ErrorView {
  title: string;
  /** What is wrong, for the person. */
  message: string;
  /** What to do about it. */
  hint: string;
  /** OAuth error code, for support. */
  code: string;
}
