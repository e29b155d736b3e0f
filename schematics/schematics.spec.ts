import { describe, expect, it } from '@jest/globals';
import { Tree, type Rule, type SchematicContext } from '@angular-devkit/schematics';
import { MCP_AUTH_MIGRATIONS } from '../lib/index.js';
import { compileTemplate } from '../lib/authorization/pages/template.js';
import { consentView } from './consent-view/index.js';
import { install } from './install/index.js';
import { mcpController } from './mcp-controller/index.js';
import { migration } from './migration/index.js';
import { nestAdd } from './nest-add/index.js';
import { MIGRATIONS } from './support/migrations.js';

const APP_MODULE = `import { Module } from '@nestjs/common';
import { AppController } from './app.controller';

@Module({
  imports: [],
  controllers: [AppController],
  providers: [],
})
export class AppModule {}
`;

/** An application as \`nest new\` leaves it. */
function application(changes: Record<string, string | null> = {}, core = '^12.0.0'): Tree {
  const tree = Tree.empty();
  const files: Record<string, string | null> = {
    '/package.json': JSON.stringify({ name: 'app', dependencies: { '@nestjs/core': core } }),
    '/nest-cli.json': JSON.stringify({ collection: '@nestjs/schematics', sourceRoot: 'src' }),
    '/src/app.module.ts': APP_MODULE,
    ...changes,
  };
  for (const [path, content] of Object.entries(files)) if (content !== null) tree.create(path, content);
  return tree;
}

function run(rule: Rule, tree: Tree): { tasks: number; said: string } {
  let tasks = 0;
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const context = { logger: { info: say, warn: say }, addTask: () => tasks++ };
  void rule(tree, context as unknown as SchematicContext);
  return { tasks, said: said.join('\n') };
}

const read = (tree: Tree, path: string): string => tree.readText(path);
const contents = (tree: Tree): Record<string, string> => {
  const files: Record<string, string> = {};
  tree.visit((path) => (files[path] = tree.readText(path)));
  return files;
};

describe('install', () => {
  it('writes what an application needs, and imports the module', () => {
    const tree = application();
    const { tasks } = run(install({}), tree);
    expect(Object.keys(contents(tree)).sort()).toEqual([
      '/.env.example',
      '/nest-cli.json',
      '/package.json',
      '/src/app.module.ts',
      '/src/mcp-auth.options.ts',
      '/src/migrations/1764000000000-create-mcp-auth-tables.ts',
      '/src/migrations/1764100000000-add-mcp-auth-operator-clients.ts',
      '/views/mcp-auth/consent.hbs',
    ]);
    const module = read(tree, '/src/app.module.ts');
    expect(module).toContain("import { AppMcpAuthOptions } from './mcp-auth.options';");
    expect(module).toContain("type: 'better-sqlite3',");
    expect(module).toContain('ScheduleModule.forRoot(),');
    expect(module).toContain('McpAuthModule.forRootAsync({ useClass: AppMcpAuthOptions }),');
    expect(module).toContain('controllers: [AppController],');
    const { dependencies } = JSON.parse(read(tree, '/package.json')) as {
      dependencies: Record<string, string>;
    };
    expect(Object.keys(dependencies)).toEqual([
      '@nestjs/core',
      '@nestjs/jwt',
      '@nestjs/schedule',
      '@nestjs/typeorm',
      'better-sqlite3',
      'typeorm',
    ]);
    expect(dependencies['@nestjs/schedule']).toBe('^12.0.0');
    expect(tasks).toBe(1);
    const options = read(tree, '/src/mcp-auth.options.ts');
    for (const name of [
      'PORT',
      'MCP_SERVER_URL',
      'MCP_HMAC_SECRET',
      'currentUser',
      'currentOrg',
      'fetchUserData',
      'loginUrl',
    ]) {
      expect(options).toContain(name);
    }
  });

  it('changes nothing when it runs again', () => {
    const tree = application();
    run(install({}), tree);
    const before = contents(tree);
    const { tasks } = run(install({ db: 'postgres' }), tree);
    expect(contents(tree)).toEqual(before);
    expect(tasks).toBe(0);
  });

  it('fits Nest 11, ES modules, another source folder and another database', () => {
    const tree = application(
      {
        '/package.json': JSON.stringify({ type: 'module', dependencies: { '@nestjs/core': '^11.1.0' } }),
        '/nest-cli.json': JSON.stringify({ sourceRoot: 'apps/api/src' }),
        '/src/app.module.ts': null,
        '/apps/api/src/app.module.ts': APP_MODULE,
      },
      '^11.1.0',
    );
    run(install({ db: 'postgres', skipInstall: true }), tree);
    const { dependencies } = JSON.parse(read(tree, '/package.json')) as {
      dependencies: Record<string, string>;
    };
    expect(dependencies).toMatchObject({
      '@nestjs/schedule': '^6.0.0',
      '@nestjs/jwt': '^11.0.0',
      pg: '^8.11.0',
    });
    const module = read(tree, '/apps/api/src/app.module.ts');
    expect(module).toContain("from './mcp-auth.options.js';");
    expect(module).toContain('url: process.env.DATABASE_URL,');
    expect(tree.exists('/apps/api/src/migrations/1764000000000-create-mcp-auth-tables.ts')).toBe(true);
    expect(read(tree, '/.env.example')).toContain('DATABASE_URL=postgres://');
  });

  it('leaves an own DataSource, an own driver and own files alone', () => {
    const source = APP_MODULE.replace(
      'imports: []',
      "imports: [TypeOrmModule.forRoot({ type: 'postgres' })]",
    ).replace('import { Module }', "import { TypeOrmModule } from '@nestjs/typeorm';\nimport { Module }");
    const tree = application({
      '/src/app.module.ts': source,
      '/package.json': JSON.stringify({ dependencies: { '@nestjs/core': '12.0.0', oracledb: '7.0.0' } }),
      '/src/mcp-auth.options.ts': 'mine',
      '/.env.example': 'PORT=3000\n',
    });
    const { said } = run(install({}), tree);
    expect(read(tree, '/src/app.module.ts')).toContain("TypeOrmModule.forRoot({ type: 'postgres' }),");
    expect(read(tree, '/src/app.module.ts').match(/TypeOrmModule\.forRoot/g)).toHaveLength(1);
    expect(read(tree, '/package.json')).not.toContain('better-sqlite3');
    expect(read(tree, '/src/mcp-auth.options.ts')).toBe('mine');
    expect(read(tree, '/.env.example')).toMatch(/^PORT=3000\n\n# MCP authorization/);
    expect(said).toContain('autoLoadEntities: true');
  });

  it('prints what it cannot edit safely', () => {
    for (const source of [
      null,
      'export const AppModule = createModule();',
      APP_MODULE.replace('[]', 'allImports()'),
    ]) {
      const tree = application({ '/src/app.module.ts': source });
      const { said } = run(install({}), tree);
      expect(said).toContain('McpAuthModule.forRootAsync({ useClass: AppMcpAuthOptions })');
      if (source !== null) expect(read(tree, '/src/app.module.ts')).toBe(source);
    }
  });

  it('says where it has to run', () => {
    expect(() => run(install({}), Tree.empty())).toThrow(/in the folder of a Nest application/);
  });
});

describe('nest-add', () => {
  it.each([
    ['no collection', { sourceRoot: 'src' }, 'nestjs-mcp-auth/schematics'],
    ["Nest's own", { collection: '@nestjs/schematics' }, 'nestjs-mcp-auth/schematics'],
    ['somebody else’s', { collection: 'theirs' }, 'theirs'],
  ])('writes the collection over %s', (_, cli, expected) => {
    const tree = application({ '/nest-cli.json': JSON.stringify(cli) });
    const { said } = run(nestAdd({}), tree);
    const after = JSON.parse(read(tree, '/nest-cli.json')) as { collection: string };
    expect(after.collection).toBe(expected);
    expect(said).toContain(
      expected === 'theirs' ? 'nest g -c nestjs-mcp-auth' : "Set it back to '@nestjs/schematics'",
    );
    expect(tree.exists('/src/mcp-auth.options.ts')).toBe(true);
  });
});

describe('the generated consent view', () => {
  it('is the built-in page, with its variables documented', () => {
    const tree = application();
    run(consentView(), tree);
    const source = read(tree, '/views/mcp-auth/consent.hbs');
    const documented = source.slice(0, source.indexOf('--}}'));
    const used = new Set(
      [...source.slice(documented.length).matchAll(/\{\{[#/]?(?:if|unless|each|initial)?\s*(\w+)/g)].map(
        ([, name]) => name,
      ),
    );
    for (const name of ['clientName', 'userName', 'scopes', 'authorizationParams', 'redirectHost']) {
      expect(used).toContain(name);
      expect(documented).toContain(name);
    }
    const html = compileTemplate(source)({
      clientName: '<b>Client</b>',
      scopes: [],
      authorizationParams: { state: 's' },
    });
    expect(html.trimStart()).toMatch(/^<!doctype html>/);
    expect(html).toContain('&lt;b&gt;Client&lt;/b&gt; wants access');
    expect(html).toContain('<style>:root');
  });

  it('is never overwritten', () => {
    const tree = application({ '/views/mcp-auth/consent.hbs': 'mine' });
    expect(run(consentView(), tree).said).toContain('there already');
    expect(read(tree, '/views/mcp-auth/consent.hbs')).toBe('mine');
  });
});

describe('migration', () => {
  it('knows every migration of the module', () => {
    expect(MIGRATIONS.map(({ className }) => className)).toEqual(MCP_AUTH_MIGRATIONS.map(({ name }) => name));
    const tree = application();
    expect(run(migration(), tree).said).toContain('Run the new migrations');
    expect(read(tree, '/src/migrations/1764000000000-create-mcp-auth-tables.ts')).toContain(
      "export { CreateMcpAuthTables1764000000000 } from 'nestjs-mcp-auth';",
    );
    expect(run(migration(), tree).said).toContain('there already');
  });
});

describe('mcp-controller', () => {
  it.each([
    [undefined, '/src/mcp/mcp.controller.ts', 'McpController'],
    ['noteTools', '/src/note-tools/note-tools.controller.ts', 'NoteToolsController'],
    ['note-tools', '/src/note-tools/note-tools.controller.ts', 'NoteToolsController'],
  ])('named %s is %s', (name, path, className) => {
    const tree = application();
    run(mcpController(name === undefined ? {} : { name }), tree);
    expect(read(tree, path)).toContain(`export class ${className}`);
    expect(read(tree, path.replace('.ts', '.spec.ts'))).toContain(`describe('${className}'`);
  });
});
