import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { TestDatabase, TestDatabaseKind } from '../../support/databases.js';
import { Flow, type RegisteredClient } from '../../support/flow.js';
import { toGrantRow, type GrantRow } from './grant-row.js';
import { startInstances, type Instance, type InstanceSetup } from './instances.js';

const PATIENCE_MS = 10_000;

/** Instances of one application, a way to each of them, and a view of their database. */
export class Arena {
  private constructor(
    readonly database: TestDatabase,
    readonly instances: readonly Instance[],
    readonly flows: readonly Flow[],
    readonly source: DataSource,
  ) {}

  static async open(kind: TestDatabaseKind, setup: InstanceSetup): Promise<Arena> {
    const database = await kind.create();
    const instances = await startInstances(database, {
      ...setup,
      options: { revocationPollInterval: 0.1, ...setup.options },
    });
    const source = await new DataSource(database.options).initialize();
    // Any instance serves any step; all speak for the first one's address.
    const [first] = instances;
    const flows = instances.map(({ url }) => new Flow(url, first?.url));
    return new Arena(database, instances, flows, source);
  }

  async close(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.stop()));
    await this.source.destroy();
    await this.database.drop();
  }

  /** Does `work` so many times at once, spread over the instances. */
  everywhere<T>(times: number, work: (flow: Flow, index: number) => Promise<T>): Promise<T[]> {
    return Promise.all(
      Array.from({ length: times }, (_, index) => work(this.flow(index % this.flows.length), index)),
    );
  }

  flow(index = 0): Flow {
    const flow = this.flows[index];
    if (!flow) throw new Error(`There is no instance ${index}`);
    return flow;
  }

  /** A statement of the test's own; a busy SQLite file is waited for. */
  async sql(text: string): Promise<Record<string, unknown>[]> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await this.source.query(text);
      } catch (error) {
        if (!String(error).includes('database is locked') || Date.now() > deadline) throw error;
        await delay(20);
      }
    }
  }

  async grantsOf(user: string): Promise<GrantRow[]> {
    const rows = await this.sql(`select * from mcp_auth_grants where user_id = '${user}'`);
    return rows.map(toGrantRow);
  }

  async knows(client: RegisteredClient): Promise<boolean> {
    const rows = await this.sql(
      `select client_id from mcp_auth_clients where client_id = '${client.client_id}'`,
    );
    return rows.length === 1;
  }

  /** Waits until every instance refuses the token; false when one of them goes on accepting it. */
  refusedEverywhere(accessToken: string): Promise<boolean> {
    return this.answeredEverywhere(accessToken, 401);
  }

  /** Waits until every instance accepts the token; false when one of them goes on refusing it. */
  acceptedEverywhere(accessToken: string): Promise<boolean> {
    return this.answeredEverywhere(accessToken, 200);
  }

  private async answeredEverywhere(accessToken: string, status: number): Promise<boolean> {
    const deadline = Date.now() + PATIENCE_MS;
    for (const flow of this.flows) {
      while ((await statusOf(flow, accessToken)) !== status) {
        if (Date.now() > deadline) return false;
        await delay(20);
      }
    }
    return true;
  }

  /** What each instance answers to a call with the token. */
  statuses(accessToken: string): Promise<number[]> {
    return Promise.all(this.flows.map((flow) => statusOf(flow, accessToken)));
  }
}

async function statusOf(flow: Flow, accessToken: string): Promise<number> {
  const response = await flow.call(accessToken);
  await response.arrayBuffer();
  return response.status;
}
