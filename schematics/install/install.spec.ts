import { describe, expect, it } from '@jest/globals';
import {
  APP_MODULE,
  application,
  contents,
  MAIN,
  readJsonFile,
  runRule,
} from '../../test/support/schematic-tree.js';
import { install } from './index.js';

interface PackageJson {
  dependencies: Record<string, string>;
  allowScripts?: Record<string, boolean>;
}

describe('install in a fresh application', () => {
  it('writes what is needed, and imports the module', () => {
    const tree = application();
    const { tasks } = runRule(install({}), tree);
    expect(Object.keys(contents(tree)).sort()).toEqual([
      '/.env.example',
      '/nest-cli.json',
      '/package.json',
      '/src/app.module.ts',
      '/src/main.ts',
      '/src/mcp-auth.options.ts',
      '/src/migrations/1764000000000-create-mcp-auth-tables.ts',
      '/src/migrations/1764100000000-add-mcp-auth-operator-clients.ts',
      '/src/migrations/1764200000000-index-mcp-auth-unredeemed-grants.ts',
      '/views/mcp-auth/consent.hbs',
    ]);
    expect(tree.readText('/src/app.module.ts')).toContain(`
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      database: '.data/app.db',
      enableWAL: true,
      autoLoadEntities: true,
      migrations: [`);
    expect(tree.readText('/src/app.module.ts')).toContain(`
      migrationsRun: true,
    }),
    ScheduleModule.forRoot(),
    McpAuthModule.forRootAsync({ useClass: AppMcpAuthOptions }),
  ],
  controllers: [AppController],
`);
    // The devkit passes --ignore-scripts otherwise, and the driver would stay unbuilt.
    expect(tasks).toEqual([
      { name: 'node-package', options: expect.objectContaining({ command: 'install', allowScripts: true }) },
    ]);
  });

  it('writes the dependencies into package.json even when nothing is to be installed', () => {
    const tree = application();
    const { tasks } = runRule(install({ skipInstall: true }), tree);
    const { dependencies, allowScripts } = readJsonFile<PackageJson>(tree, '/package.json');
    expect(dependencies).toEqual({
      '@nestjs/core': '^12.0.0',
      '@nestjs/jwt': '^12.0.0',
      '@nestjs/schedule': '^12.0.0',
      '@nestjs/typeorm': '^12.0.0',
      'better-sqlite3': '^12.0.0',
      typeorm: '^1.1.0',
    });
    expect(allowScripts).toEqual({ 'better-sqlite3': true });
    expect(tasks).toEqual([]);
  });

  it('reads its options from the environment, with the port of main.ts', () => {
    const tree = application({ '/src/main.ts': MAIN.replace('3000', '8080') });
    runRule(install({}), tree);
    const options = tree.readText('/src/mcp-auth.options.ts');
    for (const text of [
      'process.env.MCP_SERVER_URL ||',
      'process.env.MCP_HMAC_SECRET || undefined',
      '`http://localhost:${process.env.PORT || 8080}`',
      'currentUser:',
      'currentOrg:',
      'fetchUserData:',
      'loginUrl:',
    ]) {
      expect(options).toContain(text);
    }
    expect(tree.readText('/.env.example')).toContain('MCP_SERVER_URL=http://localhost:8080\n');
  });

  it('says what comes next, once', () => {
    const tree = application();
    const { said } = runRule(install({}), tree);
    expect(said).toContain('1. Connect your login in src/mcp-auth.options.ts: currentUser and loginUrl.');
    // Without our collection in nest-cli.json, which only nest-add writes, the short form is not understood.
    expect(said).toContain('npx nest g -c nestjs-mcp-auth mcp-controller notes');
    expect(runRule(install({}), tree).said).toBe('');
  });

  it('changes nothing when it runs again, with other options either', () => {
    const tree = application();
    runRule(install({}), tree);
    const before = contents(tree);
    const { tasks } = runRule(install({ db: 'postgres' }), tree);
    expect(contents(tree)).toEqual(before);
    expect(tasks).toEqual([]);
  });

  it('keeps the database out of version control', () => {
    const tree = application({ '/.gitignore': '/dist\n' });
    runRule(install({}), tree);
    expect(tree.readText('/.gitignore')).toBe('/dist\n\n# SQLite\n.data/\n');
  });
});

describe('install in another kind of application', () => {
  it('fits Nest 11', () => {
    const tree = application({ '/package.json': { dependencies: { '@nestjs/core': '^11.1.0' } } });
    runRule(install({}), tree);
    expect(readJsonFile<PackageJson>(tree, '/package.json').dependencies).toMatchObject({
      '@nestjs/jwt': '^11.0.0',
      '@nestjs/schedule': '^6.0.0',
      '@nestjs/typeorm': '^11.0.0',
    });
  });

  it('fits ES modules', () => {
    const tree = application({
      '/package.json': { type: 'module', dependencies: { '@nestjs/core': '^12.0.0' } },
    });
    runRule(install({}), tree);
    const module = tree.readText('/src/app.module.ts');
    expect(module).toContain("from './mcp-auth.options.js';");
    expect(module).toContain("from './migrations/1764000000000-create-mcp-auth-tables.js';");
  });

  it.each([
    ['postgres', 'pg', '^8.11.0'],
    ['mariadb', 'mysql2', '^3.11.0'],
  ] as const)('connects to %s', (db, driver, version) => {
    const tree = application({ '/.env.example': 'PORT=3000' });
    const { said } = runRule(install({ db }), tree);
    const module = tree.readText('/src/app.module.ts');
    expect(module).toContain(`type: '${db}',\n      url: process.env.DATABASE_URL,\n`);
    const { dependencies, allowScripts } = readJsonFile<PackageJson>(tree, '/package.json');
    expect(dependencies[driver]).toBe(version);
    expect(allowScripts).toBeUndefined();
    expect(tree.readText('/.env.example')).toMatch(
      new RegExp(
        `^PORT=3000\\n\\n# MCP auth[^]*MCP_HMAC_SECRET=\\nDATABASE_URL=${db}://user:password@localhost/app\\n$`,
      ),
    );
    expect(said).toContain('Set DATABASE_URL to your database.');
  });

  it('works in the chosen project of a monorepo', () => {
    const monorepo = {
      collection: '@nestjs/schematics',
      sourceRoot: 'apps/shop/src',
      monorepo: true,
      projects: {
        shop: { type: 'application', sourceRoot: 'apps/shop/src' },
        api: { type: 'application', sourceRoot: 'apps/api/src', entryFile: 'server' },
        db: { type: 'library', sourceRoot: 'libs/db/src' },
      },
    };
    const files = {
      '/nest-cli.json': monorepo,
      '/src/app.module.ts': null,
      '/src/main.ts': null,
      '/apps/shop/src/app.module.ts': APP_MODULE,
      '/apps/api/src/api.module.ts': APP_MODULE.replace('AppModule', 'ApiModule'),
      '/apps/api/src/server.ts': MAIN.replaceAll('AppModule', 'ApiModule').replace(
        'app.module',
        'api.module',
      ),
    };
    // The Nest CLI passes the project's name and folder, the schematics' own command line the name alone.
    for (const options of [
      { project: 'api' },
      { project: 'api', sourceRoot: 'apps/api/src' },
      { sourceRoot: 'apps/api/src' },
    ]) {
      const tree = application(files);
      runRule(install(options), tree);
      expect(tree.readText('/apps/api/src/api.module.ts')).toContain('McpAuthModule.forRootAsync');
      expect(tree.exists('/apps/api/src/migrations/1764000000000-create-mcp-auth-tables.ts')).toBe(true);
      expect(tree.readText('/apps/shop/src/app.module.ts')).toBe(APP_MODULE);
    }
    expect(() => runRule(install({ project: 'web' }), application(files))).toThrow(
      "nest-cli.json has no project 'web'; it has shop, api, db",
    );
  });

  it('works without nest-cli.json, and below a folder that elements are generated into', () => {
    const without = application({ '/nest-cli.json': null });
    runRule(install({}), without);
    expect(without.readText('/src/app.module.ts')).toContain('McpAuthModule');

    const nested = application({
      '/nest-cli.json': { sourceRoot: 'src', generateOptions: { baseDir: 'modules' } },
    });
    runRule(install({ sourceRoot: 'src/modules' }), nested);
    expect(nested.exists('/src/mcp-auth.options.ts')).toBe(true);
  });

  it('finds the module that main.ts starts', () => {
    const tree = application({
      '/src/app.module.ts': null,
      '/src/core/root.module.ts': APP_MODULE.replace('AppModule', 'RootModule'),
      '/src/main.ts': MAIN.replaceAll('AppModule', 'RootModule').replace(
        './app.module',
        './core/root.module',
      ),
    });
    runRule(install({}), tree);
    const module = tree.readText('/src/core/root.module.ts');
    expect(module).toContain("from '../mcp-auth.options';");
    expect(module).toContain("from '../migrations/1764000000000-create-mcp-auth-tables';");
  });

  it('says where it has to run', () => {
    expect(() => runRule(install({}), application({ '/package.json': null }))).toThrow(
      /in the folder of a Nest application/,
    );
  });
});
