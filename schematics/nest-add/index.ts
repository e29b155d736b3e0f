import type { Rule, Tree } from '@angular-devkit/schematics';
import { install, type InstallOptions } from '../install/index.js';
import { readJson } from '../support/project.js';

const COLLECTION = 'nestjs-mcp-auth/schematics';

/** Lets the application generate by `nest g mcp-auth:...`, and installs. */
export function nestAdd(options: InstallOptions): Rule {
  return (tree, context) => {
    const installed = install(options)(tree, context);
    const { collection } = readJson<{ collection?: string }>(tree, '/nest-cli.json') ?? {};
    if (collection === COLLECTION) return installed;
    if (collection !== undefined && collection !== '@nestjs/schematics') {
      context.logger.info(
        `nest-cli.json names the collection ${collection}, which stays. Generate by: nest g -c nestjs-mcp-auth <schematic>`,
      );
      return installed;
    }
    setCollection(tree);
    context.logger.info(
      `nest-cli.json now names the collection ${COLLECTION}, which extends Nest's own: nest g mcp-auth:mcp-controller works. ` +
        "Set it back to '@nestjs/schematics' before you remove the package, since no nest command runs without its collection.",
    );
    return installed;
  };
}

function setCollection(tree: Tree): void {
  const path = '/nest-cli.json';
  const json = readJson<Record<string, unknown>>(tree, path);
  const text = `${JSON.stringify({ ...json, collection: COLLECTION }, null, 2)}\n`;
  if (json) tree.overwrite(path, text);
  else tree.create(path, text);
}
