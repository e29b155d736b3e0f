import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { startApp, type AdapterName, type TestApp } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { Flow } from '../support/flow.js';
import { ENDPOINTS, type FuzzedEndpoint } from './endpoints.js';
import type { RawRequest } from './http-message.js';
import {
  API_KEY_SECRET,
  filled,
  freshMaterial,
  registerClients,
  serverSecrets,
  type Clients,
  type Material,
} from './material.js';
import { problemsOf } from './oracle.js';
import { Wire } from './wire.js';

/** Requests for each endpoint; a server database gets a share of them. */
const REQUESTS = Number(process.env.MCP_AUTH_FUZZ_REQUESTS ?? 300);
const SEED = Number(process.env.MCP_AUTH_FUZZ_SEED ?? 20_250_618);
const MAX_BATCH = 100;
const SHRINK_LIMIT_MS = 60_000;
const SERVER_DATABASE_SHARE = 0.1;

function fill(request: RawRequest, material: Material): RawRequest {
  return {
    ...request,
    target: filled(request.target, material),
    headers: request.headers.map(([name, value]) => [name, filled(value, material)]),
    body: filled(request.body, material),
  };
}

/** Sends generated requests to every endpoint of a server with this adapter, on each database. */
export function describeCampaign(adapter: AdapterName): void {
  describe.each(testDatabases().filter(({ name }) => name !== 'mariadb'))(
    `generated requests on ${adapter} and $name`,
    (database) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const secrets = serverSecrets(String(privateKey.export({ format: 'jwk' }).d));
      let server: TestApp;
      let flow: Flow;
      let wire: Wire;
      let clients: Clients;

      beforeAll(async () => {
        server = await startApp({
          adapter,
          database,
          options: {
            tokenSigningAlgorithm: 'ES256',
            tokenSigningPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
            fetchUserData: (userId) => ({ email: `${userId}@example.com`, apiKeySecret: API_KEY_SECRET }),
            onAuditEvent: () => undefined,
          },
        });
        flow = new Flow(server.url);
        wire = new Wire(server.url);
        clients = await registerClients(flow);
      });
      afterAll(async () => {
        wire.close();
        await server.close();
      });

      /** The requests of a batch, sent at once, that were not answered as they should be. */
      async function failuresOf(
        endpoint: FuzzedEndpoint,
        requests: readonly RawRequest[],
        material: Material,
      ): Promise<{ problems: string[]; request: RawRequest }[]> {
        const answered = await Promise.all(
          requests.map(async (template) => {
            const request = fill(template, material);
            const outcome = await wire.send(request);
            return { problems: problemsOf(endpoint, request, outcome, material, secrets), request };
          }),
        );
        return answered.filter(({ problems }) => problems.length > 0);
      }

      it.each(ENDPOINTS)(
        'get an answer of their shape from $name, and nothing breaks',
        async (endpoint) => {
          const wanted = database.name === 'sqlite' ? REQUESTS : REQUESTS * SERVER_DATABASE_SHARE;
          let material = await freshMaterial(flow, clients);
          let sent = 0;
          const batch = fc.array(endpoint.request, { minLength: 1, maxLength: MAX_BATCH, size: 'max' });
          for (let round = 0; sent < wanted; round++) {
            await fc.assert(
              fc.asyncProperty(batch, async (requests) => {
                if (endpoint.needsGrants) material = await freshMaterial(flow, clients);
                sent += requests.length;
                expect(await failuresOf(endpoint, requests, material)).toEqual([]);
              }),
              { seed: SEED + round, numRuns: 5, interruptAfterTimeLimit: SHRINK_LIMIT_MS },
            );
          }
        },
        60_000 + REQUESTS * 60,
      );

      it('leave no registration behind that is larger than its limits', async () => {
        const [row] = (await server.dataSource.query(
          `select max(length(client_name)) as name, max(length(redirect_uris)) as uris, max(length(grant_types)) as types,
          max(length(scope)) as scope, max(length(client_uri)) as page, count(*) as count from mcp_auth_clients`,
        )) as Record<string, string | number>[];
        expect(Number(row?.count)).toBeGreaterThan(2);
        expect(Number(row?.name)).toBeLessThanOrEqual(200);
        expect(Number(row?.uris)).toBeLessThanOrEqual(20 * 2003 + 2);
        expect(Number(row?.types)).toBeLessThanOrEqual(40);
        expect(Number(row?.scope)).toBeLessThanOrEqual(100);
        expect(Number(row?.page)).toBeLessThanOrEqual(20_000);
      });
    },
  );
}
