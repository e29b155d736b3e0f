import type { Tree } from '@angular-devkit/schematics';
import { createOnce, type Project } from './project.js';

interface Migration {
  timestamp: number;
  name: string;
  className: string;
}

/** Every migration of the module, in order; a test compares the list with the module's own. */
export const MIGRATIONS: readonly Migration[] = [
  {
    timestamp: 1764000000000,
    name: 'create-mcp-auth-tables',
    className: 'CreateMcpAuthTables1764000000000',
  },
];

/** Path of a migration in the application's folder, where globs of the TypeORM CLI find it. */
export function migrationPath(project: Project, { timestamp, name }: Migration): string {
  return `/${project.sourceRoot}/migrations/${timestamp}-${name}.ts`;
}

/** Writes the migrations that the application does not have yet. Answers their paths. */
export function addMigrations(tree: Tree, project: Project): string[] {
  return MIGRATIONS.filter((migration) =>
    createOnce(
      tree,
      migrationPath(project, migration),
      `// A migration of nestjs-mcp-auth. It never changes; new ones come with new versions.
export { ${migration.className} } from 'nestjs-mcp-auth';
`,
    ),
  ).map((migration) => migrationPath(project, migration));
}
