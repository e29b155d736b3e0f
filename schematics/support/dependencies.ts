import type { SchematicContext, Tree } from '@angular-devkit/schematics';
import { readJson, type Project } from './project.js';

export type DatabaseKind = 'sqlite' | 'postgres' | 'mariadb';

const DRIVERS: Record<DatabaseKind, [name: string, version: string]> = {
  sqlite: ['better-sqlite3', '^12.0.0'],
  postgres: ['pg', '^8.11.0'],
  mariadb: ['mysql2', '^3.11.0'],
};

/** What the module needs beside itself, in the versions that fit the application's NestJS. */
function required(project: Project, db: DatabaseKind): [name: string, version: string][] {
  const isOlder = project.nestMajor <= 11;
  return [
    ['@nestjs/jwt', isOlder ? '^11.0.0' : '^12.0.0'],
    ['@nestjs/schedule', isOlder ? '^6.0.0' : '^12.0.0'],
    ['@nestjs/typeorm', isOlder ? '^11.0.0' : '^12.0.0'],
    ['typeorm', '^1.1.0'],
    DRIVERS[db],
  ];
}

/** Writes what is missing into package.json. Answers whether anything was. */
export function addDependencies(tree: Tree, project: Project, db: DatabaseKind): boolean {
  const json = readJson<Record<string, Record<string, string>>>(tree, '/package.json') ?? {};
  const hasDriver = Object.values(DRIVERS).some(
    ([name]) => json.dependencies?.[name] ?? json.devDependencies?.[name],
  );
  const missing = required(project, db).filter(
    ([name]) =>
      !json.dependencies?.[name] &&
      !(hasDriver && Object.values(DRIVERS).some(([driver]) => driver === name)),
  );
  if (missing.length === 0) return false;
  const dependencies = { ...json.dependencies, ...Object.fromEntries(missing) };
  json.dependencies = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => a.localeCompare(b)));
  tree.overwrite('/package.json', `${JSON.stringify(json, null, 2)}\n`);
  return true;
}

/** Runs the package manager's install afterwards. The task's configuration by name, so that the devkit stays a type. */
export function scheduleInstall(context: SchematicContext): void {
  context.addTask({
    toConfiguration: () => ({ name: 'node-package', options: { command: 'install', quiet: true } }),
  });
}
