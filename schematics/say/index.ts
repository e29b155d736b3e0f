import type { Rule } from '@angular-devkit/schematics';

/** Prints what the reader does next. A schematic, since only a task comes after the list of files and the install. */
export function say({ text = '' }: { text?: string }): Rule {
  return (tree, { logger }) => {
    logger.info(text);
    return tree;
  };
}
