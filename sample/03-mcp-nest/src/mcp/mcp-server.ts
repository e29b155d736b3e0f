import { McpStrategy, StreamableHttpTransport } from '@rekog/mcp-nest';
import { serverUrl } from '../server-url.js';

export const MCP_PATH = '/mcp';

export const transport = new StreamableHttpTransport({
  // A tool whose @ToolScopes() are missing answers 403 with the challenge that makes a client ask the user for more.
  stepUpAuthorization: {
    resourceMetadataUrl: `${serverUrl()}/.well-known/oauth-protected-resource${MCP_PATH}`,
  },
});

/** The MCP server: a microservice of Nest, to which every `@McpController()` belongs. */
export const mcp = new McpStrategy({ name: 'bookmarks', version: '1.0.0', transports: [transport] });
