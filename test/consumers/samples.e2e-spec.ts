import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { freePort } from '../support/app.js';
import { startServer } from '../support/running-process.js';

/** Path of each sample's MCP server. */
const SAMPLES: [name: string, path: string][] = [
  ['02-existing-app', '/api/mcp'],
  ['03-mcp-nest', '/mcp'],
  ['04-several-instances', '/mcp/api'],
];

describe('a sample that is started as its page says', () => {
  it.each(SAMPLES)('%s protects %s', async (name, path) => {
    const port = String(await freePort());
    const command = ['npm', ...['run', 'sample', '--', name, 'start']].join(' ');
    const server = await startServer(command, 'The MCP server is at', {
      cwd: resolve('.'),
      env: { PORT: port },
    });
    try {
      const url = `http://localhost:${port}`;
      const refused = await fetch(`${url}${path}`, { method: 'POST' });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toContain(
        `resource_metadata="${url}/.well-known/oauth-protected-resource${path}"`,
      );
      const metadata = await fetch(`${url}/.well-known/oauth-authorization-server`);
      expect(await metadata.json()).toMatchObject({ issuer: url });
    } finally {
      await server.stop();
    }
  });
});
