import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  npmInstall,
  packInto,
  run,
  runOrFail,
  temporaryFolder,
  type Finished,
} from '../support/workspace.js';

let tarball: string;
let packed: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  packed = await temporaryFolder('packed');
  tarball = await packInto(packed.path);
});
afterAll(() => packed.remove());

const DATABASE = `type: 'better-sqlite3', driver: Libsql, database: 'app.db'`;

/** An application in a folder of its own. */
class Application {
  private constructor(private readonly folder: Awaited<ReturnType<typeof temporaryFolder>>) {}

  static async create(
    manifest: object,
    files: Record<string, string>,
    packages: string[],
  ): Promise<Application> {
    const application = new Application(await temporaryFolder('application'));
    await application.write({
      'package.json': JSON.stringify({ name: 'app', private: true, ...manifest }),
      ...files,
    });
    await npmInstall(application.path, tarball, ...packages);
    return application;
  }

  get path(): string {
    return this.folder.path;
  }

  async write(files: Record<string, string>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  }

  remove(): Promise<void> {
    return this.folder.remove();
  }

  mcpAuth(...argv: string[]): Promise<Finished> {
    return run('npx', ['--no-install', 'mcp-auth', ...argv], { cwd: this.path });
  }
}

/** What an operator does in a day, by the name of the data source. */
async function expectEveryCommandToWork(application: Application, ...files: string[]): Promise<void> {
  const mcpAuth = (...argv: string[]): Promise<Finished> => application.mcpAuth(...argv, ...files);

  const created = await mcpAuth(
    'clients',
    'create',
    '--name',
    'CI',
    '--redirect-uri',
    'https://ci.example/cb',
    '--json',
  );
  expect(created.code).toBe(0);
  const client = JSON.parse(created.output) as { client_id: string; client_secret: string };
  expect(client.client_secret).toMatch(/^[\w-]{43}$/);
  expect((await mcpAuth('clients', 'list')).output).toContain(client.client_id);
  expect((await mcpAuth('clients', 'show', client.client_id)).output).toContain('operator');
  expect(await mcpAuth('stats')).toMatchObject({ code: 0, output: expect.stringMatching(/Total +1\n/) });
  expect((await mcpAuth('cleanup', '--dry-run')).output).toContain('Nothing was changed.');
  expect((await mcpAuth('cleanup')).output).toMatch(/Cleanup complete!\n$/);
  const doctor = await mcpAuth('doctor', '--json');
  const { checks } = JSON.parse(doctor.output) as { checks: { name: string; status: string }[] };
  expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'schema ok',
    'secret ok',
    'clock ok',
    // Nobody has started the application.
    'issuer failure',
    'resource failure',
    'cleanup ok',
  ]);
  expect(doctor.code).toBe(1);
  expect((await mcpAuth('revoke-client', client.client_id, '--yes')).output).toContain('nothing to revoke');
  expect(await mcpAuth('revoke-client', 'nobody')).toEqual({
    code: 1,
    output: "error: There is no client 'nobody'.\n",
  });
  expect((await mcpAuth('revoke-user', 'nobody')).code).toBe(1);
  expect((await mcpAuth('clients', 'delete', client.client_id, '--yes')).code).toBe(0);
  expect((await mcpAuth('stats', '--jsno')).code).toBe(2);
  const keys = await application.mcpAuth('keys', 'generate', '--out', 'key.pem');
  expect(keys.code).toBe(0);
  expect((await stat(join(application.path, 'key.pem'))).mode & 0o777).toBe(0o600);
}

describe('npx mcp-auth in a CommonJS application on Nest 11, written in TypeScript', () => {
  let application: Application;

  beforeAll(async () => {
    application = await Application.create(
      {},
      {
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            module: 'nodenext',
            moduleResolution: 'nodenext',
            target: 'ES2022',
            experimentalDecorators: true,
            emitDecoratorMetadata: true,
            strictPropertyInitialization: false,
          },
        }),
        // The type of the column is known from decorator metadata only.
        'src/user.entity.ts': `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
@Entity() export class User { @PrimaryGeneratedColumn() id: number; @Column() name: string; }
`,
        'src/data-source.ts': `import Libsql = require('libsql');
import { DataSource } from 'typeorm';
import { MCP_AUTH_ENTITIES, MCP_AUTH_MIGRATIONS } from 'nestjs-mcp-auth';
import { User } from './user.entity';
export const AppDataSource = new DataSource({ ${DATABASE}, entities: [User, ...MCP_AUTH_ENTITIES], migrations: MCP_AUTH_MIGRATIONS });
`,
        'src/mcp-auth.options.ts': `import { Injectable } from '@nestjs/common';
import type { McpAuthOptions, McpAuthOptionsFactory } from 'nestjs-mcp-auth';
@Injectable() export class AppMcpAuthOptions implements McpAuthOptionsFactory {
  createMcpAuthOptions(): McpAuthOptions {
    return { oauthSecret: '0123456789abcdefghijklmnopqrstuvwxyz', serverUrl: 'http://localhost:9', currentUser: () => null, loginUrl: () => '/login' };
  }
}
`,
        'migrate.ts': `import { AppDataSource } from './src/data-source';
AppDataSource.initialize().then(() => AppDataSource.runMigrations()).then(() => AppDataSource.destroy());
`,
      },
      [
        ...['common', 'core', 'jwt', 'typeorm', 'platform-express'].map((name) => `@nestjs/${name}@11`),
        ...['@nestjs/schedule@6', 'typeorm@0.3', 'libsql@0.5.29', 'reflect-metadata@0.2', 'rxjs@7'],
        ...['ts-node@10', 'typescript@5'],
      ],
    );
    await runOrFail('node', ['-r', 'ts-node/register/transpile-only', 'migrate.ts'], {
      cwd: application.path,
    });
  });
  afterAll(() => application.remove());

  it('does everything with a TypeScript data source and an options factory', async () => {
    await expectEveryCommandToWork(application, '-d', 'src/data-source.ts', '-o', 'src/mcp-auth.options');
  });
});

describe('npx mcp-auth in an ES module application on Nest 12', () => {
  let application: Application;

  beforeAll(async () => {
    application = await Application.create(
      { type: 'module' },
      {
        'src/data-source.js': `import Libsql from 'libsql';
import { DataSource } from 'typeorm';
import { MCP_AUTH_ENTITIES, MCP_AUTH_MIGRATIONS } from 'nestjs-mcp-auth';
export default new DataSource({ ${DATABASE}, entities: MCP_AUTH_ENTITIES, migrations: MCP_AUTH_MIGRATIONS });
`,
        'src/options.js': `export default () => ({
  oauthSecret: '0123456789abcdefghijklmnopqrstuvwxyz', serverUrl: 'http://localhost:9', currentUser: () => null, loginUrl: () => '/login',
});
`,
        'src/user.entity.ts': `import { Column, Entity, PrimaryColumn } from 'typeorm';
@Entity() export class User { @PrimaryColumn('text') id!: string; @Column('text') name!: string; }
`,
        'src/typed.ts': `import Libsql from 'libsql';
import { DataSource } from 'typeorm';
import { User } from './user.entity.js';
export const AppDataSource = new DataSource({ ${DATABASE}, entities: [User] });
`,
        'tsconfig.json': JSON.stringify({
          compilerOptions: { module: 'nodenext', target: 'ES2022', experimentalDecorators: true },
        }),
        'migrate.js': `import source from './src/data-source.js';
await source.initialize();
await source.runMigrations();
await source.destroy();
`,
      },
      [
        ...['common', 'core', 'jwt', 'typeorm', 'platform-express', 'schedule'].map(
          (name) => `@nestjs/${name}@12`,
        ),
        ...['typeorm@1', 'libsql@0.5.29', 'reflect-metadata@0.2', 'rxjs@7'],
      ],
    );
    await runOrFail('node', ['migrate.js'], { cwd: application.path });
  });
  afterAll(() => application.remove());

  it('does everything with a JavaScript data source and an options function', async () => {
    await expectEveryCommandToWork(application, '-d', 'src/data-source', '-o', 'src/options.js');
  });

  it('says what to install for TypeScript, and uses it when it is there', async () => {
    const without = await application.mcpAuth('stats', '-d', 'src/typed.ts');
    expect(without.code).toBe(1);
    expect(without.output).toMatch(
      /typed\.ts is TypeScript, and this Node\.js cannot load it by itself \(.*\): compile it and name the \.js file/,
    );
    await npmInstall(application.path, 'tsx@4');
    expect(await application.mcpAuth('stats', '-d', 'src/typed.ts')).toMatchObject({ code: 0 });
    await application.write({
      'src/user.entity.ts': `import { Entity, PrimaryGeneratedColumn, Column } from 'typeorm';
@Entity() export class User { @PrimaryGeneratedColumn() id!: number; @Column() name!: string; }
`,
    });
    const { code, output } = await application.mcpAuth('stats', '-d', 'src/typed.ts');
    expect(code).toBe(1);
    expect(output).toContain(
      'decorator metadata, which tsx does not write: install ts-node or @swc-node/register',
    );
  });

  it('ends although the files of the application keep something running', async () => {
    await application.write({
      'src/busy.js': `import source from './data-source.js';
setInterval(() => {}, 1000);
export default source.initialize();
`,
    });
    expect(await application.mcpAuth('stats', '-d', 'src/busy.js')).toMatchObject({ code: 0 });
  });

  it('prints a line, never a stack, for what goes wrong in the files of the application', async () => {
    await application.write({
      'src/throws.js': `import source from './data-source.js';
setTimeout(() => { throw new Error('later'); }, 0);
await new Promise((done) => setTimeout(done, 500));
export default source;
`,
    });
    const { code, output } = await application.mcpAuth('stats', '-d', 'src/throws.js');
    expect({ code, output }).toEqual({ code: 1, output: 'error: later\n' });
  });
});
