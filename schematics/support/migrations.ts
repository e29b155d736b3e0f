import type { Tree } from '@angular-devkit/schematics';
import { addElements } from './element-list.js';
import { addImportStatements } from './import-statements.js';
import { importPath } from './paths.js';
import type { Project } from './project.js';
import { sourceFilesWith } from './source-files.js';
import { createOnce } from './tree.js';

export interface Migration {
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
  {
    timestamp: 1764200000000,
    name: 'index-mcp-auth-unredeemed-grants',
    className: 'IndexMcpAuthUnredeemedGrants1764200000000',
  },
];

/** The file of a migration in the application's folder, where globs of the TypeORM command line find it. */
export function migrationFile(folder: string, { timestamp, name }: Migration): string {
  return `${folder}/${timestamp}-${name}.ts`;
}

/** Writes the migrations that the application does not have yet, and answers them. */
export function addMigrations(
  tree: Tree,
  folder: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Migration[] {
  return migrations.filter((migration) =>
    createOnce(
      tree,
      migrationFile(folder, migration),
      `// A migration of nestjs-mcp-auth. It never changes; new ones come with new versions.
export { ${migration.className} } from 'nestjs-mcp-auth';
`,
    ),
  );
}

/**
 * Where the application lists the module's migrations one by one, as `install` wrote it, lists the missing ones as well.
 * Answers the files that were changed.
 */
export function listMigrations(
  tree: Tree,
  project: Project,
  folder: string,
  migrations: readonly Migration[] = MIGRATIONS,
): string[] {
  const known = new RegExp(`\\b(?:${migrations.map(({ className }) => className).join('|')})\\b`);
  return sourceFilesWith(tree, project, known).flatMap(({ path, text, code }) => {
    const missing = migrations.filter(({ className }) => !code.includes(className));
    const open = openingOfList(code, known);
    if (missing.length === 0 || open === null) return [];
    const listed = addElements(
      text,
      open,
      missing.map(({ className }) => className),
    );
    if (listed === null) return [];
    const imports = missing.map((migration) => ({
      name: migration.className,
      from: importPath(path, migrationFile(folder, migration)) + project.importSuffix,
    }));
    tree.overwrite(path, addImportStatements(listed, imports));
    return [path];
  });
}

/** The bracket of `migrations: [` around a migration's name. */
function openingOfList(code: string, name: RegExp): number | null {
  for (const { index, 0: text } of code.matchAll(/\bmigrations\s*:\s*\[[^[\]]*\]/g)) {
    if (name.test(text)) return index + text.indexOf('[');
  }
  return null;
}
