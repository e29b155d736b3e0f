import type { Rule } from '@angular-devkit/schematics';
import { addMigrations, listMigrations, migrationFile } from '../support/migrations.js';
import { findMigrationsFolder } from '../support/migrations-folder.js';
import { dataSourceAdvice, findDataSource } from '../support/data-source.js';
import { readProject, type ProjectOptions } from '../support/project.js';

/** Adds the migrations that an existing installation does not have yet, also to the list that it keeps of them. */
export function migration(options: ProjectOptions = {}): Rule {
  return (tree, { logger }) => {
    const project = readProject(tree, options);
    const folder = findMigrationsFolder(tree, project);
    const added = addMigrations(tree, folder.path);
    const listed = listMigrations(tree, project, folder.path);
    if (added.length === 0 && listed.length === 0) {
      logger.info('Every migration is there already.');
      return tree;
    }
    const dataSource = findDataSource(tree, project);
    const advice = dataSource && dataSourceAdvice(tree, project, dataSource, folder);
    logger.info(
      [
        ...added.map((one) => `New: ${migrationFile(folder.path, one).slice(1)}`),
        ...(advice === null ? [] : [advice]),
        'The next start runs what is new, where migrationsRun is set; elsewhere run it as you run your own.',
      ].join('\n'),
    );
    return tree;
  };
}
