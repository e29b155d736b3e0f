import type { Tree } from '@angular-devkit/schematics';
import { withMember } from './json.js';
import type { Project } from './project.js';
import { readText, write } from './tree.js';

export type DatabaseKind = 'sqlite' | 'postgres' | 'mariadb';

export const DRIVERS: Record<DatabaseKind, [name: string, version: string]> = {
  // 13 crashes on Node 20, and is outside of what TypeORM takes.
  sqlite: ['better-sqlite3', '^12.0.0'],
  postgres: ['pg', '^8.11.0'],
  mariadb: ['mysql2', '^3.11.0'],
};

/** What the module needs beside itself, in the versions that fit the application's NestJS. */
function required({ nestMajor }: Project): [name: string, version: string][] {
  const isOlder = nestMajor <= 11;
  return [
    ['@nestjs/jwt', isOlder ? '^11.0.0' : '^12.0.0'],
    ['@nestjs/schedule', isOlder ? '^6.0.0' : '^12.0.0'],
    ['@nestjs/typeorm', isOlder ? '^11.0.0' : '^12.0.0'],
    ['typeorm', '^1.1.0'],
  ];
}

/**
 * Writes what is missing into package.json, and answers the names.
 *
 * @param db whose driver is needed; null when the application has a DataSource of its own
 */
export function addDependencies(tree: Tree, project: Project, db: DatabaseKind | null): string[] {
  const { dependencies = {} } = project.packageJson;
  const wanted = db === null ? required(project) : [...required(project), DRIVERS[db]];
  const missing = wanted.filter(([name]) => !dependencies[name]);
  if (missing.length === 0) return [];
  const all = Object.entries({ ...dependencies, ...Object.fromEntries(missing) });
  const sorted = Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b)));
  write(tree, '/package.json', withMember(readText(tree, '/package.json'), 'dependencies', sorted));
  return missing.map(([name]) => name);
}
