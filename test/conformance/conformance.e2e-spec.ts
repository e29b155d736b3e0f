import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../support/app.js';
import { Flow, TestBrowser } from '../support/flow.js';
import { emptyFolder, signIn, startQuickstart, type Quickstart } from '../support/quickstart.js';

const bin = (name: string): string => resolve('test/conformance/node_modules/.bin', name);
const NODE = bin('node');
const SUITE = bin('conformance');

interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

/** Runs the suite; a browser of ours follows the authorization URL that it prints. */
async function runSuite(url: string, client: { client_id: string; client_secret?: string }, port: number) {
  const results = await mkdtemp(join(tmpdir(), 'mcp-auth-conformance-'));
  const secret = client.client_secret === undefined ? [] : ['--client-secret', client.client_secret];
  const child = spawn(NODE, [
    SUITE,
    'authorization',
    ...['--url', url, '--client-id', client.client_id, ...secret],
    ...['--resource', `${url}/mcp/api`, '-p', String(port), '-o', results],
  ]);
  let output = '';
  const visited = new Set<string>();
  const follow = async (authorizationUrl: string): Promise<void> => {
    const browser = new TestBrowser();
    const consentUrl = await signIn(browser, authorizationUrl);
    const callback = await new Flow(url).consent(browser, consentUrl);
    await fetch(callback);
  };
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    // The URL is printed before anybody listens at the callback.
    if (!output.includes('Callback server started')) return;
    for (const [authorizationUrl] of output.matchAll(/https?:\/\/\S+\/oauth\/authorize\?\S+(?=\s)/g)) {
      if (visited.has(authorizationUrl)) continue;
      visited.add(authorizationUrl);
      follow(authorizationUrl).catch((error: unknown) => {
        output += String(error);
        child.kill();
      });
    }
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  await new Promise((done) => child.once('exit', done));
  const files = (await readdir(results, { recursive: true })).filter((name) => name.endsWith('checks.json'));
  const checks = (
    await Promise.all(
      files.map(async (name) => JSON.parse(await readFile(join(results, name), 'utf8')) as Check[]),
    )
  ).flat();
  await rm(results, { recursive: true, force: true });
  return { checks, output, visits: visited.size };
}

describe.each(['none', 'client_secret_basic', 'client_secret_post'])(
  'the MCP conformance suite with a client of method %s',
  (method) => {
    let folder: Awaited<ReturnType<typeof emptyFolder>>;
    let server: Quickstart;

    beforeAll(async () => {
      folder = await emptyFolder();
      server = await startQuickstart(folder.path, { MCP_TOKEN_ENDPOINT_AUTH_METHODS: method });
    }, 180_000);
    afterAll(async () => {
      await server.stop();
      await folder.remove();
    });

    it('finds nothing to complain about but the missing client metadata documents', async () => {
      const port = await freePort();
      const client = await new Flow(server.url).register({
        redirect_uris: [`http://127.0.0.1:${port}/callback`],
        token_endpoint_auth_method: method,
      });
      const { checks, output, visits } = await runSuite(server.url, client, port);

      // The suite ends with 0 when it skipped the grant: what it checked counts, not how it ended.
      if (visits === 0) throw new Error(output);
      const complaints = checks
        .filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
        .filter(({ id }) => !/cimd|client-id-metadata/i.test(id));
      expect(complaints).toEqual([]);
      expect(checks.filter(({ status }) => status === 'SUCCESS').map(({ id }) => id)).toEqual([
        'authorization-server-metadata',
        'authorization-code-grant',
      ]);
    });
  },
);
