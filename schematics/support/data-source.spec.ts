import { describe, expect, it } from '@jest/globals';
import { APP_MODULE, application, runRule } from '../../test/support/schematic-tree.js';
import { install } from '../install/index.js';
import { findMigrationsFolder } from './migrations-folder.js';
import { MIGRATIONS } from './migrations.js';
import { readProject } from './project.js';

const CLASSES = MIGRATIONS.map(({ className }) => className).join(', ');
const importsFrom = (folder: string): string =>
  MIGRATIONS.map(
    ({ className, timestamp, name }) =>
      `    import { ${className} } from '${folder}/${timestamp}-${name}';\n`,
  ).join('');

const databaseModule = (options: string): Record<string, string> => ({
  '/src/database/database.module.ts': `import { TypeOrmModule } from '@nestjs/typeorm';

@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => (${options}),
    }),
  ],
})
export class DatabaseModule {}
`,
});

/** What install says about the DataSource of an application. */
function saidAbout(files: Record<string, string>): string {
  const tree = application(files);
  const { said } = runRule(install({}), tree);
  // A second connection would be worse than none.
  expect(tree.readText('/src/app.module.ts')).not.toContain('TypeOrmModule');
  expect(tree.readText('/package.json')).not.toContain('better-sqlite3');
  return said.slice(0, said.indexOf('MCP authorization is installed.')).trim();
}

describe('a DataSource of the application', () => {
  it('stays, and is told what it lacks', () => {
    expect(saidAbout(databaseModule("{ type: 'postgres', autoLoadEntities: true }"))).toBe(
      `The DataSource of src/database/database.module.ts stays as it is. Add to its options:\n${importsFrom('../migrations')}    migrations: [${CLASSES}],`,
    );
    expect(
      saidAbout(databaseModule("{ type: 'postgres', entities: [User], migrations: [CreateUsers1] }")),
    ).toBe(
      `The DataSource of src/database/database.module.ts stays as it is. Add to its options:\n    import { MCP_AUTH_ENTITIES } from 'nestjs-mcp-auth';\n${importsFrom('../migrations')}    entities: [..., ...MCP_AUTH_ENTITIES],\n    migrations: [..., ${CLASSES}],`,
    );
  });

  it('has its options looked for where they are', () => {
    const said = saidAbout({
      ...databaseModule('dataSourceOptions'),
      '/src/config/data-source.ts':
        "export const dataSourceOptions: DataSourceOptions = { type: 'postgres', entities: [User] };\nexport default new DataSource(dataSourceOptions);\n",
    });
    expect(said).toContain('The DataSource of src/config/data-source.ts stays as it is.');
    expect(said).toContain(importsFrom('../migrations'));
  });

  it('needs nothing where it finds entities and migrations by itself', () => {
    const options = "{ autoLoadEntities: true, migrations: [__dirname + '/migrations/*{.ts,.js}'] }";
    expect(saidAbout(databaseModule(options))).toBe('');
  });

  it('may lie in a library of the monorepo', () => {
    const [source = ''] = Object.values(databaseModule('{ autoLoadEntities: true }'));
    const tree = application({
      '/nest-cli.json': {
        sourceRoot: 'src',
        projects: { db: { type: 'library', sourceRoot: 'libs/db/src' } },
      },
      '/libs/db/src/database.module.ts': source,
    });
    runRule(install({}), tree);
    expect(tree.readText('/src/app.module.ts')).not.toContain('TypeOrmModule');
  });

  it('is none in a comment, in a test or in a feature', () => {
    const tree = application({
      '/src/app.module.ts': `// TypeOrmModule.forRoot() comes later\n${APP_MODULE}`,
      '/src/app.spec.ts': 'TypeOrmModule.forRoot({});',
      '/src/users.module.ts': 'TypeOrmModule.forFeature([User]);',
    });
    runRule(install({}), tree);
    expect(tree.readText('/src/app.module.ts')).toContain("type: 'better-sqlite3',");
  });
});

describe('the migrations folder of the application', () => {
  const folderOf = (files: Record<string, string>): string => {
    const tree = application(files);
    return findMigrationsFolder(tree, readProject(tree)).path;
  };

  it.each([
    ["[join(__dirname, '..', 'db', 'changes', '*.js')]", '/src/db/changes'],
    ["[__dirname + '/../migrations/*{.ts,.js}']", '/src/migrations'],
    ['[`${__dirname}/steps/**/*.ts`]', '/src/config/steps'],
    ["[import.meta.dirname + '/steps/*.js']", '/src/config/steps'],
    ["['dist/database/migrations/*.js']", '/src/database/migrations'],
    ["['./src/database/migrations/*.ts', 'dist/x/*.js']", '/src/database/migrations'],
    ["['dist/src/database/migrations/*.js']", '/src/database/migrations'],
    // Outside of the source folder a file would move what `nest build` writes.
    ["['db/../../migrations/*.js']", '/src/migrations'],
    ['[CreateUsers1]', '/src/migrations'],
  ])('is the one that a DataSource looks into: %s', (migrations, folder) => {
    const file = { '/src/config/data-source.ts': `new DataSource({ migrations: ${migrations} });` };
    expect(folderOf(file)).toBe(folder);
  });

  it('is one of that name that has migrations, else the one that Nest developers expect', () => {
    expect(
      folderOf({ '/src/database/migrations/1-create-users.ts': '', '/src/a/b/c/migrations/1-x.ts': '' }),
    ).toBe('/src/database/migrations');
    expect(folderOf({})).toBe('/src/migrations');
  });

  it('stays the one that an earlier run chose', () => {
    expect(
      folderOf({
        '/src/old/1764000000000-create-mcp-auth-tables.ts': '',
        '/src/data-source.ts': "new DataSource({ migrations: ['dist/new/*.js'] });",
      }),
    ).toBe('/src/old');
  });

  it('is where install writes, and what AppModule imports from', () => {
    const tree = application({ '/src/database/migrations/1-create-users.ts': '' });
    runRule(install({}), tree);
    expect(tree.exists('/src/database/migrations/1764000000000-create-mcp-auth-tables.ts')).toBe(true);
    expect(tree.readText('/src/app.module.ts')).toContain(
      "from './database/migrations/1764000000000-create-mcp-auth-tables';",
    );
  });
});
