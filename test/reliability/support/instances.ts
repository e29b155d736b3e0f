import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataSource } from 'typeorm';
import { MCP_AUTH_ENTITIES, MCP_AUTH_MIGRATIONS } from '../../../lib/index.js';
import { freePort } from '../../support/app.js';
import type { TestDatabase } from '../../support/databases.js';
import { cleanEnvironment } from '../../support/workspace.js';
import type { InstanceCommand, InstanceReply, InstanceSettings } from './instance-protocol.js';

const HERE = resolve('test/reliability/support');
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

type Command = InstanceCommand extends infer Each ? (Each extends unknown ? Omit<Each, 'id'> : never) : never;

/** One application process. It can be killed and started again on the same port and database. */
export class Instance {
  private child: ChildProcess | undefined;
  private printed = '';
  private nextId = 1;
  private readonly waiting = new Map<number, { done(result: unknown): void; fail(error: Error): void }>();

  constructor(
    private readonly settings: InstanceSettings,
    private readonly clockSkewMs = 0,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.settings.port}`;
  }

  /** Everything that its processes printed so far. */
  get output(): string {
    return this.printed;
  }

  /** Resolves when it serves. @throws {Error} with what was printed when it ends before that */
  async start(): Promise<void> {
    const preload = (name: string): string[] => ['--import', pathToFileURL(join(HERE, name)).href];
    const child = fork(join(HERE, 'instance.ts'), [], {
      execArgv: ['--no-warnings', ...preload('clock-shift.mjs'), ...preload('typescript-loader.mjs')],
      env: cleanEnvironment({
        NO_COLOR: '1',
        INSTANCE_SETTINGS: JSON.stringify(this.settings),
        INSTANCE_CLOCK_SKEW_MS: String(this.clockSkewMs),
      }),
      silent: true,
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.printed += chunk.toString()));
    }
    child.on('message', (reply: InstanceReply | 'ready') => {
      if (reply !== 'ready') this.settle(reply);
    });
    const timeout = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    const ended = once(child, 'close').then(() => {
      for (const { fail } of this.waiting.values()) fail(new Error('The instance has ended'));
      this.waiting.clear();
      return false;
    });
    const isReady = await Promise.race([once(child, 'message').then(() => true), ended]);
    clearTimeout(timeout);
    if (!isReady) throw new Error(`The instance did not start:\n${this.printed}`);
  }

  /** Ends it without a chance to finish anything. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to end. False when it had to be killed, since it did not. */
  async stop(): Promise<boolean> {
    const patience = setTimeout(() => this.child?.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.end('SIGTERM');
    clearTimeout(patience);
    return this.child?.signalCode !== 'SIGKILL';
  }

  command(command: Command): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((done, fail) => {
      this.waiting.set(id, { done, fail });
      this.child?.send({ id, ...command });
    });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }

  private settle({ id, result, error }: InstanceReply): void {
    const waiter = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiter?.done(result);
    else waiter?.fail(new Error(error));
  }
}

export interface InstanceSetup {
  options?: InstanceSettings['options'];
  /** Milliseconds that each instance's own clock is wrong by. One instance for each. */
  clockSkewsMs?: readonly number[];
}

/** Instances of one application on one database, which they find migrated. */
export async function startInstances(
  database: Pick<TestDatabase, 'options'>,
  { options = {}, clockSkewsMs = [0, 0] }: InstanceSetup = {},
): Promise<Instance[]> {
  const ports = await Promise.all(clockSkewsMs.map(() => freePort()));
  const instances = clockSkewsMs.map(
    (skew, index) =>
      new Instance(
        {
          port: ports[index] ?? 0,
          serverUrl: `http://127.0.0.1:${ports[0]}`,
          database: database.options,
          options,
        },
        skew,
      ),
  );
  await migrate(database);
  await Promise.all(instances.map((instance) => instance.start()));
  return instances;
}

/** Before anybody starts: two at once would both create the tables. */
async function migrate({ options }: Pick<TestDatabase, 'options'>): Promise<void> {
  const source = await new DataSource({
    ...options,
    entities: MCP_AUTH_ENTITIES,
    migrations: MCP_AUTH_MIGRATIONS,
  }).initialize();
  await source.runMigrations();
  await source.destroy();
}
