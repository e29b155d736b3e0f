import type { Tree } from '@angular-devkit/schematics';

/** The text of a file, its byte order mark included; empty when there is no such file. */
export function readText(tree: Tree, path: string): string {
  return tree.read(path)?.toString('utf8') ?? '';
}

/** Writes a file unless it is there already: nothing of the application is ever overwritten. */
export function createOnce(tree: Tree, path: string, content: string): boolean {
  if (tree.exists(path)) return false;
  tree.create(path, content);
  return true;
}

/** Writes a file that is there with other content, or is not there yet. */
export function write(tree: Tree, path: string, content: string): void {
  if (!tree.exists(path)) tree.create(path, content);
  else if (readText(tree, path) !== content) tree.overwrite(path, content);
}
