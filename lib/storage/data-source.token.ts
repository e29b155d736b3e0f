/** Injection token of the TypeORM DataSource that the module stores into. */
export const MCP_AUTH_DATA_SOURCE = Symbol.for('nestjs-mcp-auth:data-source');
