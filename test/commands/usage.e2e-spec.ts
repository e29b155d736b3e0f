import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { testDatabases } from '../support/databases.js';
import { freePort } from '../support/app.js';
import { CommandLine, CommandsOnDatabase, dataSourceFile } from './support/command-line.js';

const TYPEORM = pathToFileURL(resolve('node_modules/typeorm/index.mjs')).href;

describe('mcp-auth', () => {
  let line: CommandLine;

  beforeAll(async () => {
    line = await CommandLine.create();
    await line.write(
      'data-source.mjs',
      dataSourceFile({ type: 'postgres', url: 'postgres://localhost/none' }),
    );
  });
  afterAll(() => line.remove());

  it.each([
    [[], 'Usage: mcp-auth'],
    [['clean'], "unknown command 'clean'"],
    [['cleanup'], "required option '-d, --data-source <file>' not specified"],
    [['cleanup', '-d', 'data-source.mjs', '--dry'], "unknown option '--dry'"],
    [['stats', '-d', 'data-source.mjs', 'more'], 'too many arguments'],
    [['revoke-client', '-d', 'data-source.mjs'], "missing required argument 'id'"],
    [['revoke-user', '-d', 'data-source.mjs'], "missing required argument 'id'"],
    [['clients'], 'Usage: mcp-auth clients'],
    [['clients', 'list', '-d', 'data-source.mjs', '--limit', 'all'], 'It must be a whole number'],
    [['clients', 'create', '-d', 'data-source.mjs'], "required option '--name <name>' not specified"],
    [['keys', 'generate', '--algorithm', 'none'], 'Allowed choices are ES256, RS256, HS256'],
    [['stats', '-d', 'nothing'], "There is no file 'nothing'"],
    [['stats', '-d', 'data-source.mjs', '-o', 'nothing'], "There is no file 'nothing'"],
  ])('answers the wrong arguments %j with the problem, the usage and 2', async (argv, message) => {
    const { code, stdout, stderr } = await line.run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('Usage: mcp-auth');
    expect(stderr).not.toMatch(/^ +at .*:\d+/m);
  });

  it('explains itself, and tells its version', async () => {
    for (const argv of [['--help'], ['help', 'cleanup'], ['clients', 'create', '--help']]) {
      const { code, stdout, stderr } = await line.run(argv);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Usage: mcp-auth');
    }
    expect(await line.run(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it('says in a line that the database does not answer', async () => {
    const url = `postgres://someone:a-password@localhost:${await freePort()}/none`;
    await line.write('unreachable.mjs', dataSourceFile({ type: 'postgres', url }));
    const { code, stderr } = await line.run(['stats', '-d', 'unreachable.mjs']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: The database cannot be opened: .*ECONNREFUSED.*\n$/);
    expect(stderr).not.toContain('a-password');
  });

  it('creates no SQLite file where there is none', async () => {
    await line.write('sqlite.mjs', dataSourceFile({ type: 'better-sqlite3', database: 'no-such.db' }));
    const { code, stderr } = await line.run(['stats', '-d', 'sqlite.mjs']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: There is no database file no-such\.db: start the command in the folder from/,
    );
  });

  it.each([
    ['nothing at all', 'export const x = 1;', 'but exports none'],
    [
      'two',
      `import { DataSource } from '${TYPEORM}'; const options = { type: 'postgres' };
       export const a = new DataSource(options); export const b = new DataSource(options);`,
      'but exports 2: write a file that exports the one',
    ],
    ['what cannot be parsed', 'export const = ;', 'cannot be loaded: '],
    ['what throws', "throw new Error('no DATABASE_URL\\nmore');", 'cannot be loaded: no DATABASE_URL\n'],
    [
      'a promise that fails',
      "export default Promise.reject(new Error('not today'));",
      'cannot be loaded: not today',
    ],
    ['a function that fails', "export default () => { throw new Error('not now'); };", 'failed: not now'],
  ])('says what is wrong with a file that exports %s', async (_, content, message) => {
    const name = `wrong-${Math.random()}.mjs`;
    await line.write(name, content);
    const { code, stdout, stderr } = await line.run(['stats', '-d', name]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at .*:\d+/m);
  });

  it('wants a file of JavaScript or TypeScript', async () => {
    await line.write('data-source.json', '{}');
    expect(await line.run(['stats', '-d', 'data-source.json'])).toMatchObject({ code: 2 });
  });
});

describe.each(testDatabases())('files that mcp-auth reads, on $name', (kind) => {
  let commands: CommandsOnDatabase;

  beforeAll(async () => {
    commands = await CommandsOnDatabase.create(kind, { entityPrefix: 'app_' });
  });
  afterAll(() => commands.close());

  it('finds the data source with and without extension, and the tables under the application’s prefix', async () => {
    for (const name of ['data-source', './data-source.mjs', `${commands.line.folder}/data-source.mjs`]) {
      expect(await commands.line.run(['stats', '-d', name])).toMatchObject({ code: 0, stderr: '' });
    }
    const { stdout } = await commands.run(['doctor', '--json']);
    expect((JSON.parse(stdout) as { checks: unknown[] }).checks[0]).toMatchObject({
      name: 'schema',
      status: 'ok',
    });
  });

  it.each([
    ['as a promise', 'export default Promise.resolve(AppDataSource);'],
    ['from a function', 'export default async () => AppDataSource;'],
    ['twice', 'export default AppDataSource; export { AppDataSource as dataSource };'],
    [
      'among other things',
      'export { AppDataSource }; export const options = { x: 1 }; export class Module {}',
    ],
  ])('takes a data source %s', async (_, content) => {
    const name = `variant-${Math.random()}.mjs`;
    await commands.line.write(name, `import { AppDataSource } from './data-source.mjs';\n${content}\n`);
    expect(await commands.line.run(['stats', '-d', name])).toMatchObject({ code: 0, stderr: '' });
  });

  describe('the options', () => {
    const OPTIONS =
      "{ currentUser: () => null, loginUrl: () => '/', clients: [{ clientId: 'one', redirectUris: ['https://a.example/'] }] }";

    it.each([
      ['an object', `export const options = ${OPTIONS};`],
      ['a function', `export default async () => (${OPTIONS});`],
      [
        'a class',
        `export class AppOptions { createMcpAuthOptions() { return ${OPTIONS}; } } export const x = 1;`,
      ],
      ['an instance', `class A { createMcpAuthOptions() { return ${OPTIONS}; } } export default new A();`],
    ])('come as %s', async (_, content) => {
      const name = `options-${Math.random()}.mjs`;
      await commands.line.write(name, content);
      const { stdout, stderr } = await commands.run(['stats', '--json', '-o', name]);
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toMatchObject({ clients: { inOptions: 1 } });
    });

    it.each([
      ['are none', 'export const x = 1;', 'it exports none of these'],
      ['are two', 'export const a = {}, b = {};', 'it exports 2 of these'],
      [
        'need what Nest injects',
        'export class AppOptions { constructor(config) {} createMcpAuthOptions() { return {}; } }',
        "AppOptions in 'options.mjs' is given other providers by Nest",
      ],
      ['fail', "export default () => { throw new Error('no vault'); };", 'cannot be read: no vault'],
      [
        'are misspelt',
        'export default { oauthSecrets: 1 };',
        '- oauthSecrets is not an option of McpAuthModule',
      ],
      ['are a number', 'export default () => 7;', 'gives no options'],
    ])('are refused when they %s', async (_, content, message) => {
      const name = `options-${Math.random()}.mjs`;
      await commands.line.write(name, content);
      const { code, stdout, stderr } = await commands.run(['stats', '-o', name]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(message.replace('options.mjs', name));
      expect(stderr).not.toMatch(/^ +at .*:\d+/m);
    });
  });
});
