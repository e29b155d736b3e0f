/** One scope as the consent page shows it. */
export interface ConsentScope {
  /** The scope token; the value of a checkbox named `scopes[]`. */
  key: string;
  /** Short name. */
  name: string;
  /** One sentence; may be empty. */
  description: string;
  /** Always granted: shown as fixed. */
  required: boolean;
}

/** Everything that a consent template can show. Values are raw; the template engine escapes them. */
export interface ConsentView {
  /** Registered name, stripped of control and direction characters. */
  clientName: string;
  /** The client's `client_id`. */
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
  /** Who is signed in: name, else e-mail address, else id. */
  userName: string;
  /** Name of the MCP server, or its URL. */
  resourceName: string;
  /** URL of the MCP server. */
  resource: string;
  /** What is asked for. */
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
