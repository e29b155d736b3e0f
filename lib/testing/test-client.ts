/** A client and how it authenticates: what registration answers (RFC 7591, section 3.2.1), as far as a flow needs it. */
export interface TestClient {
  /** Identifier that the server gave it. */
  client_id: string;
  /** Absent for a public client. */
  client_secret?: string;
  /** The first is where it is sent back to, unless the test says otherwise. */
  redirect_uris?: string[];
  /** Default: `client_secret_basic` with a secret, else `none`. */
  token_endpoint_auth_method?: string;
}

/** How a client introduces itself at the token, revocation and introspection endpoints (RFC 6749, section 2.3.1). */
export function clientAuthentication(client: TestClient): {
  headers: Record<string, string>;
  fields: Record<string, string>;
} {
  const { client_id, client_secret } = client;
  if (client_secret === undefined) return { headers: {}, fields: { client_id } };
  if (client.token_endpoint_auth_method === 'client_secret_post') {
    return { headers: {}, fields: { client_id, client_secret } };
  }
  const credentials = [client_id, client_secret].map(formEncoded).join(':');
  return { headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }, fields: {} };
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
