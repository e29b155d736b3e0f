import type { McpAuthConfig } from '../../config/mcp-auth-config.js';
import { plainMessage } from '../plain-message.js';
import type { DoctorCheck } from './doctor-check.js';

const TIMEOUT_MS = 5000;

type Document = Record<string, unknown>;

/** Whether clients find the authorization server at its public URL, and under the very name that its tokens carry. */
export async function checkIssuer({ issuer }: Pick<McpAuthConfig, 'issuer'>): Promise<DoctorCheck> {
  const { origin, pathname } = new URL(issuer);
  // The path is inserted, not appended (RFC 8414, section 3.1).
  const url = `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`;
  const found = await fetchDocument(url);
  if (typeof found === 'string') return { name: 'issuer', status: 'failure', message: found };
  if (found.issuer === issuer) {
    return { name: 'issuer', status: 'ok', message: `${issuer} is reachable and calls itself so` };
  }
  return {
    name: 'issuer',
    status: 'failure',
    message:
      `${url} names the issuer ${JSON.stringify(found.issuer)}, not ${JSON.stringify(issuer)}: ` +
      'give every instance and this command the same MCP_SERVER_URL, character by character',
  };
}

/** Whether the protected resource is published, and sends clients to the issuer. */
export async function checkResource({
  issuer,
  resources,
}: Pick<McpAuthConfig, 'issuer' | 'resources'>): Promise<DoctorCheck> {
  const [{ url: resource, metadataUrl }] = resources;
  const failure = (message: string): DoctorCheck => ({ name: 'resource', status: 'failure', message });
  const found = await fetchDocument(metadataUrl);
  if (typeof found === 'string') return failure(found);
  if (found.resource !== resource) {
    return failure(
      `${metadataUrl} names the resource ${JSON.stringify(found.resource)}, not ${JSON.stringify(resource)}: ` +
        'give every instance and this command the same MCP_SERVER_URL and MCP_SERVER_PATH',
    );
  }
  const servers: unknown = found.authorization_servers;
  if (!Array.isArray(servers) || !servers.includes(issuer)) {
    return failure(
      `${metadataUrl} names the authorization servers ${JSON.stringify(servers)}, not ${JSON.stringify(issuer)}: ` +
        'give every instance and this command the same MCP_SERVER_URL and MCP_AUTHORIZATION_SERVER_URL',
    );
  }
  return { name: 'resource', status: 'ok', message: `${resource} is published and names the issuer` };
}

/** The document, or why there is none. A redirect is none: clients must not follow it (RFC 8414, section 3.2). */
async function fetchDocument(url: string): Promise<Document | string> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: 'application/json' },
    });
    if (response.status !== 200) {
      return `${url} answered ${response.status}: let it reach the application, without a redirect`;
    }
    return parseDocument(url, await response.text());
  } catch (error) {
    // fetch wraps what happened.
    const cause: unknown = (error as { cause?: unknown }).cause ?? error;
    return `${url} did not answer (${plainMessage(cause)}): start the application, or correct MCP_SERVER_URL`;
  }
}

function parseDocument(url: string, text: string): Document | string {
  const problem = `${url} is no JSON object: let it reach the application`;
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? (document as Document) : problem;
  } catch {
    return problem;
  }
}
