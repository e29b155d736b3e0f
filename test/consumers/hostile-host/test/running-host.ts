import type { INestApplication } from '@nestjs/common';
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { createHost } from '../src/host.js';
import type { AdapterName, HostSettings } from '../src/settings.js';
import type { HostDatabases } from './databases.js';

/** Milliseconds for what takes long on a busy machine: databases come and go. Runners allow 5 seconds by themselves. */
export const SLOW = 60_000;

export interface RunningHost {
  app: INestApplication;
  url: string;
  close(): Promise<void>;
}

export interface Setup {
  adapter: AdapterName;
  databases: HostDatabases;
  /** Default: true. */
  withMcpAuth?: boolean;
  dataSourceName?: string;
}

/** Starts the host on a free port. */
export async function startHost(setup: Setup): Promise<RunningHost> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const settings: HostSettings = {
    adapter: setup.adapter,
    url,
    notesDatabase: setup.databases.notes,
    ...(setup.withMcpAuth !== false && {
      mcpAuth: {
        database: setup.databases.mcpAuth,
        dataSourceName: setup.dataSourceName,
        signingKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
    }),
  };
  const app = await createHost(settings);
  try {
    await app.listen(port, 'localhost');
  } catch (error) {
    await app.close();
    throw error;
  }
  return { app, url, close: () => app.close() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
