import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { runOrFail } from './workspace.js';

const NPM = 'https://registry.npmjs.org';

export interface Registry {
  /** What npm and the scripts that it runs have to know. */
  environment: Record<string, string>;
  /** Offers the file of a native driver, as its makers' release page does. */
  offerPrebuilt(file: string): void;
  close(): Promise<void>;
}

/** npm's registry with one package more: ours, as it was packed. */
export async function startRegistry(tarball: string): Promise<Registry> {
  const content = await readFile(tarball);
  const manifest = JSON.parse(
    await runOrFail('tar', ['xzOf', tarball, 'package/package.json'], { cwd: '/' }),
  ) as { name: string; version: string };
  const prebuilt = new Map<string, string>();
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    if (url === `/${manifest.name}`) return answerJson(response, packument(manifest, content, base()));
    if (url.startsWith(`/${manifest.name}/-/`)) return void response.end(content);
    if (url.startsWith('/prebuilt/')) return void answerFile(response, prebuilt.get(basename(url)));
    response.writeHead(307, { location: NPM + url }).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: {
      npm_config_registry: base(),
      npm_config_better_sqlite3_binary_host: `${base()}/prebuilt`,
    },
    offerPrebuilt: (file) => void prebuilt.set(basename(file), file),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function packument(manifest: { name: string; version: string }, content: Buffer, base: string): object {
  const { name, version } = manifest;
  const dist = {
    tarball: `${base}/${name}/-/${name}-${version}.tgz`,
    integrity: `sha512-${createHash('sha512').update(content).digest('base64')}`,
  };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}

function answerJson(response: ServerResponse, value: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

async function answerFile(response: ServerResponse, path: string | undefined): Promise<void> {
  if (path === undefined) response.statusCode = 404;
  response.end(path === undefined ? '' : await readFile(path));
}
