/** Public base URL of this application. */
export function serverUrl(): string {
  return process.env.MCP_SERVER_URL || `http://localhost:${process.env.PORT || '3000'}`;
}
