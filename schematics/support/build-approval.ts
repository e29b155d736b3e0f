import type { Tree } from '@angular-devkit/schematics';
import { parseJson, withMember } from './json.js';
import { readText, write } from './tree.js';

interface Approvals {
  packageManager?: string;
  allowScripts?: Record<string, boolean>;
  dependenciesMeta?: Record<string, { built?: boolean }>;
}

/**
 * Lets the package manager run the install script of a driver that is native code: npm 11, pnpm 10 and Yarn 4 skip it
 * unless the project says so, and without it the application does not start. A decision that is there already stands.
 */
export function approveBuild(tree: Tree, name: string): void {
  const text = readText(tree, '/package.json');
  const json = parseJson<Approvals>(text, '/package.json');
  if (tree.exists('/pnpm-lock.yaml') || json.packageManager?.startsWith('pnpm@')) {
    approveInPnpm(tree, name);
  } else if (tree.exists('/yarn.lock') || json.packageManager?.startsWith('yarn@')) {
    const { dependenciesMeta = {} } = json;
    if (dependenciesMeta[name]?.built !== undefined) return;
    const meta = { ...dependenciesMeta, [name]: { ...dependenciesMeta[name], built: true } };
    write(tree, '/package.json', withMember(text, 'dependenciesMeta', meta));
  } else {
    const { allowScripts = {} } = json;
    if (Object.keys(allowScripts).some((key) => key === name || key.startsWith(`${name}@`))) return;
    write(tree, '/package.json', withMember(text, 'allowScripts', { ...allowScripts, [name]: true }));
  }
}

function approveInPnpm(tree: Tree, name: string): void {
  const path = '/pnpm-workspace.yaml';
  const present = readText(tree, path);
  if (new RegExp(`^\\s+(?:- )?['"]?${name}['"]?\\s*(?::|$)`, 'm').test(present)) return;
  const line = `  ${name}: true`;
  if (/^allowBuilds:[ \t]*$/m.test(present)) {
    write(
      tree,
      path,
      present.replace(/^allowBuilds:[ \t]*$/m, (head) => `${head}\n${line}`),
    );
  } else if (!/^allowBuilds:/m.test(present)) {
    const separator = present === '' || present.endsWith('\n') ? '' : '\n';
    write(tree, path, `${present}${separator}allowBuilds:\n${line}\n`);
  }
}
