import type { SchematicContext, Tree } from '@angular-devkit/schematics';
import type { Project } from './project.js';

export type DatabaseKind = 'sqlite' | 'postgres' | 'mariadb';

const DRIVERS: Record<DatabaseKind, [name: string, version: string]> = {
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
 * Writes what is missing into package.json. Answers whether anything was.
 *
 * @param db whose driver is needed; null when the application has a DataSource of its own
 */
export function addDependencies(tree: Tree, project: Project, db: DatabaseKind | null): boolean {
  const { packageJson } = project;
  const wanted = db === null ? required(project) : [...required(project), DRIVERS[db]];
  const missing = wanted.filter(([name]) => !packageJson.dependencies?.[name]);
  if (missing.length === 0) return false;
  const dependencies = Object.entries({ ...packageJson.dependencies, ...Object.fromEntries(missing) });
  const sorted = Object.fromEntries(dependencies.sort(([a], [b]) => a.localeCompare(b)));
  tree.overwrite('/package.json', `${JSON.stringify({ ...packageJson, dependencies: sorted }, null, 2)}\n`);
  return true;
}

/** Runs the package manager's install afterwards. The task's configuration by name, so that the devkit stays a type. */
export function scheduleInstall(context: SchematicContext): void {
  context.addTask({
    toConfiguration: () => ({ name: 'node-package', options: { command: 'install', quiet: true } }),
  });
}
