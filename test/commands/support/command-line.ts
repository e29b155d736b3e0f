import { EventEmitter } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Logger } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { runCommand } from '../../../lib/command-line/run-command.js';
import { MCP_AUTH_ENTITIES } from '../../../lib/storage/entities.js';
import { MCP_AUTH_MIGRATIONS } from '../../../lib/storage/migrations.js';
import { SECRET, startApp, type TestApp } from '../../support/app.js';
import type { TestDatabase, TestDatabaseKind } from '../../support/databases.js';
import { Flow } from '../../support/flow.js';

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandSetup {
  env?: NodeJS.ProcessEnv;
  /** What a person types at a terminal; undefined: there is no terminal. */
  typed?: string;
  /** Called with all that was printed so far. */
  onOutput?: (text: string, signals: EventEmitter) => void;
}

/** A folder from which `mcp-auth` is called. */
export class CommandLine {
  private constructor(readonly folder: string) {}

  static async create(): Promise<CommandLine> {
    // As the executable does.
    Logger.overrideLogger(false);
    return new CommandLine(await mkdtemp(join(tmpdir(), 'mcp-auth-commands-')));
  }

  async write(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** Runs the command in this process; nothing else than its streams differs from the executable. */
  async run(
    argv: readonly string[],
    { env = {}, typed, onOutput }: CommandSetup = {},
  ): Promise<CommandResult> {
    const stdin = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
    const signals = new EventEmitter();
    const printed = { stdout: '', stderr: '' };
    const output = (name: keyof typeof printed): PassThrough & { isTTY: boolean } => {
      const stream = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
      stream.on('data', (chunk: Buffer) => {
        printed[name] += chunk.toString();
        onOutput?.(printed[name], signals);
      });
      return stream;
    };
    if (typed !== undefined) stdin.write(typed);
    const code = await runCommand(argv, {
      stdout: output('stdout'),
      stderr: output('stderr'),
      stdin,
      signals,
      env,
      cwd: this.folder,
    });
    await new Promise((done) => setImmediate(done));
    return { code, ...printed };
  }
}

/** A migrated database, and a command line whose `data-source.mjs` exports it. */
export class CommandsOnDatabase {
  private constructor(
    readonly line: CommandLine,
    readonly database: TestDatabase,
    readonly dataSource: DataSource,
  ) {}

  static async create(kind: TestDatabaseKind, more: object = {}): Promise<CommandsOnDatabase> {
    const database = await kind.create();
    const dataSource = await new DataSource({
      ...database.options,
      ...more,
      entities: MCP_AUTH_ENTITIES,
      migrations: MCP_AUTH_MIGRATIONS,
    } as DataSourceOptions).initialize();
    await dataSource.runMigrations();
    const line = await CommandLine.create();
    await line.write('data-source.mjs', dataSourceFile(database.options, more));
    return new CommandsOnDatabase(line, database, dataSource);
  }

  /** With `-d`. */
  run(argv: readonly string[], setup?: CommandSetup): Promise<CommandResult> {
    return this.line.run([...argv, '-d', 'data-source.mjs'], setup);
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.database.drop();
    await this.line.remove();
  }
}

/** A running application, and a command line beside it on the same database. */
export class CommandsBesideApplication {
  readonly flow: Flow;

  private constructor(
    readonly line: CommandLine,
    readonly server: TestApp,
  ) {
    this.flow = new Flow(server.url);
  }

  static async create(kind: TestDatabaseKind): Promise<CommandsBesideApplication> {
    const server = await startApp({ database: kind, options: { revocationPollInterval: 0.05 } });
    const line = await CommandLine.create();
    await line.write('data-source.mjs', dataSourceFile(server.database.options));
    await line.write(
      'options.mjs',
      `export default () => ({ serverUrl: '${server.url}', oauthSecret: '${SECRET}', currentUser: () => null,
        loginUrl: () => '/', clients: [{ clientId: 'in-options', redirectUris: ['https://client.example/cb'] }] });`,
    );
    return new CommandsBesideApplication(line, server);
  }

  /** With `-d`. */
  run(argv: readonly string[], setup?: CommandSetup): Promise<CommandResult> {
    return this.line.run([...argv, '-d', 'data-source.mjs'], setup);
  }

  /** Until the application has looked at the log; a test that waits in vain runs into its time limit. */
  async untilRefused(accessToken: string): Promise<Response> {
    for (;;) {
      const response = await this.flow.call(accessToken);
      if (response.status !== 200) return response;
      await delay(20);
    }
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.line.remove();
  }
}

export function dataSourceFile(options: DataSourceOptions, more: object = {}): string {
  const { type, database, url } = options as { type: string; database?: string; url?: string };
  const support = pathToFileURL(resolve('test/commands/support/create-data-source.mjs')).href;
  return `import { createDataSource } from '${support}';
export const AppDataSource = createDataSource(${JSON.stringify({ type, database, url, more })});
`;
}
