/** Lines for `.env.example`. */
export const ENVIRONMENT = `
# MCP authorization (nestjs-mcp-auth)
# The public URL of this application: issuer of tokens and base of the MCP server.
MCP_SERVER_URL=http://localhost:3000
# All keys are derived from this. At least 32 random bytes: openssl rand -base64 32
MCP_HMAC_SECRET=
`;
