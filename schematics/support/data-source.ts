import type { Tree } from '@angular-devkit/schematics';
import type { MigrationsFolder } from './migrations-folder.js';
import { migrationFile, MIGRATIONS } from './migrations.js';
import { importPath } from './paths.js';
import type { Project } from './project.js';
import { sourceFilesWith, type SourceFile } from './source-files.js';

/** The file in which the application connects to its database by itself; null when it does not. */
export function findDataSource(tree: Tree, project: Project): SourceFile | null {
  return (
    sourceFilesWith(tree, project, /\bTypeOrmModule\b/).find(({ code }) =>
      /\bTypeOrmModule\s*\.\s*forRoot(?:Async)?\b/.test(code),
    ) ?? null
  );
}

/** What the application's own DataSource still needs, to be pasted; null when it finds everything by itself. */
export function dataSourceAdvice(
  tree: Tree,
  project: Project,
  dataSource: SourceFile,
  folder: MigrationsFolder,
): string | null {
  const configured = sourceFilesWith(
    tree,
    project,
    /\b(?:TypeOrmModule|DataSource|DataSourceOptions|TypeOrmModuleOptions|TypeOrmOptionsFactory)\b/,
  );
  const code = configured.map((file) => file.code).join('\n');
  const place = configured.find((file) => /\b(?:entities|migrations)\s*:/.test(file.code)) ?? dataSource;
  const imports: string[] = [];
  const members: string[] = [];

  if (!/\bautoLoadEntities\s*:\s*true\b/.test(code) && !code.includes('MCP_AUTH_ENTITIES')) {
    const hasEntities = /\bentities\s*:/.test(code);
    members.push(hasEntities ? 'entities: [..., ...MCP_AUTH_ENTITIES],' : 'autoLoadEntities: true,');
    if (hasEntities) imports.push("import { MCP_AUTH_ENTITIES } from 'nestjs-mcp-auth';");
  }
  const unlisted = MIGRATIONS.filter(({ className }) => !code.includes(className));
  if (!folder.isFoundByGlob && !code.includes('MCP_AUTH_MIGRATIONS') && unlisted.length > 0) {
    const names = unlisted.map(({ className }) => className).join(', ');
    members.push(/\bmigrations\s*:/.test(code) ? `migrations: [..., ${names}],` : `migrations: [${names}],`);
    imports.push(
      ...unlisted.map(
        (migration) =>
          `import { ${migration.className} } from '${importPath(place.path, migrationFile(folder.path, migration))}${project.importSuffix}';`,
      ),
    );
  }
  if (members.length === 0) return null;
  return [
    `The DataSource of ${place.path.slice(1)} stays as it is. Add to its options:`,
    ...[...imports, ...members].map((line) => `    ${line}`),
  ].join('\n');
}
