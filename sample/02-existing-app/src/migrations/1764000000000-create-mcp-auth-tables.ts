// A migration of nestjs-mcp-auth. It never changes; new ones come with new versions.
export { CreateMcpAuthTables1764000000000 } from 'nestjs-mcp-auth';
