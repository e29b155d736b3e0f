// A migration of nestjs-mcp-auth. It never changes; new ones come with new versions.
export { AddMcpAuthOperatorClients1764100000000 } from 'nestjs-mcp-auth';
