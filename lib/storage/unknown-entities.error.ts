/** For a DataSource that was not given the entities; says what to add. */
export function unknownEntitiesError(): Error {
  return new Error(
    'The DataSource does not know the entities of nestjs-mcp-auth: set `autoLoadEntities: true`, or add ' +
      '`...MCP_AUTH_ENTITIES` to its `entities`. (A CommonJS and an ES module copy of the package have entities of their ' +
      'own: import McpAuthModule, MCP_AUTH_ENTITIES and MCP_AUTH_MIGRATIONS the same way.)',
  );
}
