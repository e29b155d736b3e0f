import type { Rule, SchematicContext, Tree } from '@angular-devkit/schematics';
import { CONSENT_VIEW } from '../consent-view/index.js';
import { addModuleImports, type ModuleImport } from '../support/app-module.js';
import { addDependencies, scheduleInstall, type DatabaseKind } from '../support/dependencies.js';
import { addMigrations, migrationFile, MIGRATIONS } from '../support/migrations.js';
import { createOnce, readProject, type Project } from '../support/project.js';
import { consentTemplate } from '../templates/consent.js';
import { ENVIRONMENT } from '../templates/environment.js';
import { optionsTemplate } from '../templates/options.js';

export interface InstallOptions {
  db?: DatabaseKind;
  skipInstall?: boolean;
}

const CONNECTIONS: Record<DatabaseKind, string> = {
  sqlite: "type: 'better-sqlite3',\n  database: '.data/app.db',\n  enableWAL: true,",
  postgres: "type: 'postgres',\n  url: process.env.DATABASE_URL,",
  mariadb: "type: 'mariadb',\n  url: process.env.DATABASE_URL,",
};

/** Adds MCP authorization to an application. Running it again changes nothing. */
export function install({ db = 'sqlite', skipInstall = false }: InstallOptions): Rule {
  return (tree, context) => {
    const project = readProject(tree);
    createOnce(tree, `/${project.sourceRoot}/mcp-auth.options.ts`, optionsTemplate());
    addMigrations(tree, project);
    createOnce(tree, `/${CONSENT_VIEW}`, consentTemplate());
    addEnvironment(tree, db);
    const hasDataSource = importIntoAppModule(tree, context, project, db);
    if (addDependencies(tree, project, hasDataSource ? null : db) && !skipInstall) scheduleInstall(context);
    return tree;
  };
}

function addEnvironment(tree: Tree, db: DatabaseKind): void {
  const path = '/.env.example';
  const present = tree.read(path)?.toString('utf8') ?? '';
  if (present.includes('MCP_HMAC_SECRET')) return;
  const database =
    db === 'sqlite' || present.includes('DATABASE_URL')
      ? ''
      : `DATABASE_URL=${db}://user:password@localhost/app\n`;
  const text = `${present}${present === '' ? ENVIRONMENT.trimStart() : ENVIRONMENT}${database}`;
  if (tree.exists(path)) tree.overwrite(path, text);
  else tree.create(path, text);
}

function moduleImports(project: Project, db: DatabaseKind): ModuleImport[] {
  const { importSuffix } = project;
  const migrations = MIGRATIONS.map(({ className }) => className).join(', ');
  return [
    {
      name: 'TypeOrmModule',
      statements: [
        "import { TypeOrmModule } from '@nestjs/typeorm';",
        ...MIGRATIONS.map(
          (migration) =>
            `import { ${migration.className} } from './${migrationFile(migration)}${importSuffix}';`,
        ),
      ],
      expression: `TypeOrmModule.forRoot({\n  ${CONNECTIONS[db]}\n  autoLoadEntities: true,\n  migrations: [${migrations}],\n  migrationsRun: true,\n})`,
    },
    {
      name: 'ScheduleModule',
      statements: ["import { ScheduleModule } from '@nestjs/schedule';"],
      expression: 'ScheduleModule.forRoot()',
    },
    {
      name: 'McpAuthModule',
      statements: [
        "import { McpAuthModule } from 'nestjs-mcp-auth';",
        `import { AppMcpAuthOptions } from './mcp-auth.options${importSuffix}';`,
      ],
      expression: 'McpAuthModule.forRootAsync({ useClass: AppMcpAuthOptions })',
    },
  ];
}

/** Answers whether the application has a DataSource of its own, as this module or an earlier run wrote it. */
function importIntoAppModule(
  tree: Tree,
  context: SchematicContext,
  project: Project,
  db: DatabaseKind,
): boolean {
  const path = `/${project.sourceRoot}/app.module.ts`;
  const source = tree.read(path)?.toString('utf8') ?? '';
  const hasDataSource = /\bTypeOrmModule\b/.test(source);
  const additions = moduleImports(project, db);
  const edited = addModuleImports(source, additions);
  if (edited === null) {
    context.logger.warn(`${path.slice(1)} could not be edited safely. Add to its imports:`);
    for (const { statements, expression } of additions) {
      context.logger.warn(`${statements.join('\n')}\n  imports: [\n${expression},\n  ]`);
    }
  } else if (edited !== source) {
    tree.overwrite(path, edited);
    if (hasDataSource) {
      context.logger.info(
        `Your DataSource stays as it is. It needs autoLoadEntities: true (or ...MCP_AUTH_ENTITIES among its entities), and ` +
          `the migration in ${project.sourceRoot}/migrations among its migrations.`,
      );
    }
  }
  return hasDataSource;
}
