import type { Rule } from '@angular-devkit/schematics';
import { addMigrations } from '../support/migrations.js';
import { readProject } from '../support/project.js';

/** Adds the migrations that an existing installation does not have yet. */
export function migration(): Rule {
  return (tree, context) => {
    const added = addMigrations(tree, readProject(tree));
    context.logger.info(
      added > 0 ? 'Run the new migrations before the next start.' : 'Every migration is there already.',
    );
    return tree;
  };
}
