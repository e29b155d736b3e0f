import type { DatabaseKind } from '../support/dependencies.js';

/** Lines for `.env.example`. */
export function environmentTemplate(port: string): string {
  return `# MCP authorization (nestjs-mcp-auth)
# The public URL of this application: issuer of tokens and base of the MCP server. https:// in production.
MCP_SERVER_URL=http://localhost:${port}
# All keys are derived from this. At least 32 random bytes: openssl rand -base64 32
MCP_HMAC_SECRET=
`;
}

/** The line for a database that `install` connects to. */
export function databaseLine(db: Exclude<DatabaseKind, 'sqlite'>): string {
  return `DATABASE_URL=${db}://user:password@localhost/app\n`;
}
