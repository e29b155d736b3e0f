import { createApp } from './create-app.js';
import { serverUrl } from './server-url.js';

const app = await createApp();
app.enableShutdownHooks();
await app.listen(process.env.PORT || 3000);

console.log(`
  The MCP server is at ${serverUrl()}/mcp
  Sign in as alice (wonderland) or bob (builder).
`);
