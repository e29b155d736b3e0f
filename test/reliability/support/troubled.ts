import { expect } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { TestDatabase, TestDatabaseKind } from '../../support/databases.js';
import { Flow, type RegisteredClient } from '../../support/flow.js';
import { prepareErrands, type Errands } from './errand.js';
import { toGrantRow, type GrantRow } from './grant-row.js';
import { startInstances, type Instance } from './instances.js';
import { TcpProxy } from './tcp-proxy.js';

const PATIENCE_MS = 30_000;

export interface TroubledSetup {
  /** Connections that the instance may have. Default: 10. */
  connections?: number;
  /** Milliseconds that the driver waits for a connection. Default: the driver's own, without an end for PostgreSQL. */
  connectTimeoutMs?: number;
}

/** One instance whose way to its database can be broken, and the test's own way beside it. */
export class Troubled {
  private constructor(
    readonly database: TestDatabase,
    readonly proxy: TcpProxy | undefined,
    readonly instance: Instance,
    readonly flow: Flow,
    private readonly source: DataSource,
  ) {}

  static async start(
    kind: TestDatabaseKind,
    { connections = 10, connectTimeoutMs }: TroubledSetup = {},
  ): Promise<Troubled> {
    const database = await kind.create();
    const url = 'url' in database.options ? new URL(String(database.options.url)) : undefined;
    const proxy = url && (await TcpProxy.start({ host: url.hostname, port: Number(url.port) }));
    if (url && proxy) url.host = `127.0.0.1:${proxy.port}`;
    const instance = await Troubled.instanceOn({
      options: {
        ...database.options,
        ...(url && { url: url.href }),
        ...(kind.name === 'postgres' && {
          poolSize: connections,
          extra: { connectionTimeoutMillis: connectTimeoutMs },
        }),
        ...(kind.name === 'mariadb' && {
          connectTimeout: connectTimeoutMs,
          extra: { connectionLimit: connections },
        }),
      } as DataSourceOptions,
    });
    const source = await new DataSource(database.options).initialize();
    return new Troubled(database, proxy, instance, new Flow(instance.url), source);
  }

  /** One that looks at the revocation log often, and does not go on for long without. */
  static async instanceOn(database: Pick<TestDatabase, 'options'>): Promise<Instance> {
    const [instance] = await startInstances(database, {
      clockSkewsMs: [0],
      options: { revocationPollInterval: 0.1, revocationMaxStaleness: 1, cleanup: { enabled: false } },
    });
    if (!instance) throw new Error('There is no instance');
    return instance;
  }

  get name(): string {
    return String(
      this.source.options.database ??
        new URL(String((this.source.options as { url: string }).url)).pathname.slice(1),
    );
  }

  sql(text: string): Promise<unknown> {
    return this.source.query(text);
  }

  async grantsOf(client: RegisteredClient): Promise<GrantRow[]> {
    const rows = (await this.sql(
      `select * from mcp_auth_grants where client_id = '${client.client_id}'`,
    )) as Record<string, unknown>[];
    return rows.map(toGrantRow);
  }

  errands(): Promise<Errands> {
    return prepareErrands(this.flow);
  }

  /** Holds the table against everybody until the answer is called. */
  async lockGrants(): Promise<() => Promise<void>> {
    const runner = this.source.createQueryRunner();
    const isPostgres = this.source.options.type === 'postgres';
    if (isPostgres) {
      await runner.query('begin');
      await runner.query('lock table mcp_auth_grants in access exclusive mode');
    } else {
      await runner.query('lock tables mcp_auth_grants write');
    }
    return async () => {
      await runner.query(isPostgres ? 'rollback' : 'unlock tables');
      await runner.release();
    };
  }

  /** Waits until the guard answers so. */
  async guardAnswers(status: number, accessToken: string): Promise<Response> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const signal = AbortSignal.timeout(PATIENCE_MS / 2);
      const answer = await this.flow.call(accessToken, undefined, { signal });
      if (answer.status === status) return answer;
      await answer.arrayBuffer();
      if (Date.now() > deadline) throw new Error(`The guard answers ${answer.status} instead of ${status}`);
      await delay(50);
    }
  }

  /** Waits until the instance can read its database again. */
  async recovered(accessToken: string): Promise<void> {
    await (await this.guardAnswers(200, accessToken)).arrayBuffer();
  }

  /** Nothing went unhandled, and no secret was printed. */
  expectCleanOutput(...errands: Errands[]): void {
    expect(this.instance.output).not.toContain('UNHANDLED');
    for (const secret of errands.flatMap(({ secrets }) => secrets)) {
      expect(this.instance.output).not.toContain(secret);
    }
  }

  async close(): Promise<void> {
    await this.instance.stop();
    await this.source.destroy();
    await this.proxy?.close();
    await this.database.drop();
  }
}
