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
  {
    timestamp: 1764100000000,
    name: 'add-mcp-auth-operator-clients',
    className: 'AddMcpAuthOperatorClients1764100000000',
  },
];

/** The module's migrations lie in the application's folder, where globs of the TypeORM CLI find them. */
export function migrationFile({ timestamp, name }: Migration): string {
  return `migrations/${timestamp}-${name}`;
}

/** Writes the migrations that the application does not have yet. Answers how many. */
export function addMigrations(tree: Tree, { sourceRoot }: Project): number {
  return MIGRATIONS.filter((migration) =>
    createOnce(
      tree,
      `/${sourceRoot}/${migrationFile(migration)}.ts`,
      `// A migration of nestjs-mcp-auth. It never changes; new ones come with new versions.
export { ${migration.className} } from 'nestjs-mcp-auth';
`,
    ),
  ).length;
}
