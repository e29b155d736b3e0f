// A migration of nestjs-mcp-auth. It never changes; new ones come with new versions.
export { IndexMcpAuthUnredeemedGrants1764200000000 } from 'nestjs-mcp-auth';
