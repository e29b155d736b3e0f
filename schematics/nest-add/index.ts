import type { Rule, Tree } from '@angular-devkit/schematics';
import { install, type InstallOptions } from '../install/index.js';
import { withMember } from '../support/json.js';
import { COLLECTION, nestCliPath, readNestCli } from '../support/project.js';
import { readText, write } from '../support/tree.js';

const NEST_COLLECTION = '@nestjs/schematics';

/** Lets the application generate by `nest g mcp-auth:...`, and installs. */
export function nestAdd(options: InstallOptions): Rule {
  return (tree, context) => install(options, nameCollection(tree))(tree, context);
}

/** Answers what there is to say about it; null when the collection was named before. */
function nameCollection(tree: Tree): string | null {
  const { collection = NEST_COLLECTION } = readNestCli(tree);
  if (collection === COLLECTION) return null;
  if (collection !== NEST_COLLECTION) {
    return `nest-cli.json names the collection ${collection}, which stays. Generate by: nest g -c nestjs-mcp-auth <schematic>`;
  }
  const path = nestCliPath(tree) ?? '/nest-cli.json';
  write(tree, path, withMember(readText(tree, path) || '{}\n', 'collection', COLLECTION));
  return `nest-cli.json names our collection, which extends Nest's own. Set it back to '${NEST_COLLECTION}' before you remove the package.`;
}
