import type { Tree } from '@angular-devkit/schematics';
import type { DatabaseKind } from '../support/dependencies.js';
import { LINE_WIDTH } from '../support/element-list.js';
import { migrationFile, MIGRATIONS } from '../support/migrations.js';
import type { ModuleElement } from '../support/module-decorator.js';
import { importPath } from '../support/paths.js';
import type { Project } from '../support/project.js';
import { sourceFilesWith } from '../support/source-files.js';

const CONNECTIONS: Record<DatabaseKind, string> = {
  sqlite: "type: 'better-sqlite3',\n  database: '.data/app.db',\n  enableWAL: true,",
  postgres: "type: 'postgres',\n  url: process.env.DATABASE_URL,",
  mariadb: "type: 'mariadb',\n  url: process.env.DATABASE_URL,",
};

interface Context {
  db: DatabaseKind;
  optionsFile: string;
  migrationsFolder: string;
}

/**
 * The modules that the application does not import yet, anywhere: a second connection or a second scheduler would be
 * worse than none.
 */
export function missingModules(tree: Tree, project: Project, context: Context): ModuleElement[] {
  const isImported = (name: string): boolean =>
    sourceFilesWith(tree, project, new RegExp(`\\b${name}\\b`)).some(({ code }) =>
      new RegExp(`\\b${name}\\s*\\.\\s*forRoot(?:Async)?\\b`).test(code),
    );
  return Object.entries(moduleElements(project, context)).flatMap(([name, element]) =>
    isImported(name) ? [] : [element],
  );
}

function moduleElements(
  { rootModule, sourceRoot, importSuffix }: Project,
  { db, optionsFile, migrationsFolder }: Context,
): Record<string, ModuleElement> {
  const rootFile = rootModule?.path ?? `/${sourceRoot}/app.module.ts`;
  const own = (file: string): string => importPath(rootFile, file) + importSuffix;
  const migrations = MIGRATIONS.map(({ className }) => className);
  return {
    TypeOrmModule: {
      expression: `TypeOrmModule.forRoot({\n  ${CONNECTIONS[db]}\n  autoLoadEntities: true,\n${migrationsMember(migrations)}\n  migrationsRun: true,\n})`,
      imports: [
        { name: 'TypeOrmModule', from: '@nestjs/typeorm' },
        ...MIGRATIONS.map((migration) => ({
          name: migration.className,
          from: own(migrationFile(migrationsFolder, migration)),
        })),
      ],
    },
    ScheduleModule: {
      expression: 'ScheduleModule.forRoot()',
      imports: [{ name: 'ScheduleModule', from: '@nestjs/schedule' }],
    },
    McpAuthModule: {
      expression: 'McpAuthModule.forRootAsync({ useClass: AppMcpAuthOptions })',
      imports: [
        { name: 'McpAuthModule', from: 'nestjs-mcp-auth' },
        { name: 'AppMcpAuthOptions', from: own(optionsFile) },
      ],
    },
  };
}

/** On one line while Prettier would leave it there: in AppModule it is indented by four more. */
function migrationsMember(names: readonly string[]): string {
  const oneLine = `  migrations: [${names.join(', ')}],`;
  if (oneLine.length + 4 <= LINE_WIDTH) return oneLine;
  return `  migrations: [\n${names.map((name) => `    ${name},`).join('\n')}\n  ],`;
}
