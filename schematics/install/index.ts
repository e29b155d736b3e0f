import type { Rule, SchematicContext, Tree } from '@angular-devkit/schematics';
import { CONSENT_VIEW } from '../consent-view/index.js';
import { approveBuild } from '../support/build-approval.js';
import { dataSourceAdvice, findDataSource } from '../support/data-source.js';
import { addDependencies, DRIVERS, type DatabaseKind } from '../support/dependencies.js';
import { addMigrations, listMigrations } from '../support/migrations.js';
import { findMigrationsFolder } from '../support/migrations-folder.js';
import { addToModule, type ModuleElement } from '../support/module-decorator.js';
import { readProject, type Project, type ProjectOptions } from '../support/project.js';
import { installPackages, sayAtEnd } from '../support/tasks.js';
import { createOnce, readText, write } from '../support/tree.js';
import { consentTemplate } from '../templates/consent.js';
import { databaseLine, environmentTemplate } from '../templates/environment.js';
import { optionsTemplate } from '../templates/options.js';
import { missingModules } from './modules.js';
import { nextSteps } from './next-steps.js';

export interface InstallOptions extends ProjectOptions {
  /** The database to set up when the application has none. */
  db?: DatabaseKind;
  skipInstall?: boolean;
}

/**
 * Adds MCP authorization to an application. Running it again changes nothing.
 *
 * @param note what the caller has to say at the end
 */
export function install(options: InstallOptions, note: string | null = null): Rule {
  const { db = 'sqlite', skipInstall = false } = options;
  return (tree, context) => {
    const project = readProject(tree, options);
    const optionsFile = `/${project.sourceRoot}/mcp-auth.options.ts`;
    const isNew = createOnce(tree, optionsFile, optionsTemplate(project.port));
    createOnce(tree, `/${CONSENT_VIEW}`, consentTemplate());

    const dataSource = findDataSource(tree, project);
    const folder = findMigrationsFolder(tree, project);
    addMigrations(tree, folder.path);
    listMigrations(tree, project, folder.path);

    const modules = missingModules(tree, project, { db, optionsFile, migrationsFolder: folder.path });
    const toPaste = importIntoRootModule(tree, project, modules);
    addEnvironment(tree, project.port, dataSource ? null : db);
    const added = addDependencies(tree, project, dataSource ? null : db);
    if (added.includes(DRIVERS.sqlite[0])) {
      approveBuild(tree, DRIVERS.sqlite[0]);
      ignoreData(tree);
    }

    const advice = dataSource && dataSourceAdvice(tree, project, dataSource, folder);
    const installed = { optionsFile, migrationsFolder: folder.path, db: dataSource ? null : db };
    const said = [toPaste, advice, isNew ? nextSteps(tree, installed) : null, note];
    report(context, said, added.length > 0 && !skipInstall);
    return tree;
  };
}

function report(context: SchematicContext, said: readonly (string | null)[], installs: boolean): void {
  const text = said.filter((part) => part !== null).join('\n\n');
  sayAtEnd(context, text, installs ? [installPackages(context)] : []);
}

/** Answers what could not be edited safely, to be pasted. */
function importIntoRootModule(
  tree: Tree,
  { rootModule, sourceRoot }: Project,
  modules: readonly ModuleElement[],
): string | null {
  if (modules.length === 0) return null;
  const source = rootModule && readText(tree, rootModule.path);
  const edited = source === null ? null : addToModule(source, 'imports', modules, rootModule?.className);
  if (rootModule && edited !== null) {
    write(tree, rootModule.path, edited);
    return null;
  }
  const place = rootModule
    ? `${rootModule.path.slice(1)} could not be edited safely`
    : `No root module was found in ${sourceRoot}`;
  return [
    `${place}. Add to your root module:`,
    ...modules.flatMap(({ imports }) =>
      imports.map(({ name, from }) => `    import { ${name} } from '${from}';`),
    ),
    '    imports: [',
    ...modules.map(({ expression }) => `${expression},`.replace(/^/gm, ' '.repeat(6))),
    '    ]',
  ].join('\n');
}

/** @param db whose connection the application gets; null when it has one of its own */
function addEnvironment(tree: Tree, port: string, db: DatabaseKind | null): void {
  const path = '/.env.example';
  const present = readText(tree, path);
  const lineEnd = present.includes('\r\n') ? '\r\n' : '\n';
  const needsDatabase = db !== null && db !== 'sqlite' && !/^DATABASE_URL=/m.test(present);
  const lines = [
    /^MCP_HMAC_SECRET=/m.test(present) ? '' : environmentTemplate(port),
    needsDatabase ? databaseLine(db) : '',
  ].join('');
  if (lines === '') return;
  const before = present === '' ? '' : `${present.trimEnd()}${lineEnd}${lineEnd}`;
  write(tree, path, before + lines.replaceAll('\n', lineEnd));
}

/** The database is no part of the source code. */
function ignoreData(tree: Tree): void {
  const path = '/.gitignore';
  const present = readText(tree, path);
  if (present === '' || /^\/?\.data\/?\s*$/m.test(present)) return;
  const lineEnd = present.includes('\r\n') ? '\r\n' : '\n';
  write(tree, path, `${present.trimEnd()}${lineEnd}${lineEnd}# SQLite${lineEnd}.data/${lineEnd}`);
}
