import type { Tree } from '@angular-devkit/schematics';
import { splitElements } from './element-list.js';
import { MIGRATIONS } from './migrations.js';
import { folderOf, joinPath } from './paths.js';
import type { Project } from './project.js';
import { closingBracket } from './source-code.js';
import { filesIn, sourceFilesWith, type SourceFile } from './source-files.js';

export interface MigrationsFolder {
  path: string;
  /** A DataSource of the application finds what lies in there by itself. */
  isFoundByGlob: boolean;
}

/**
 * The folder that the application keeps its migrations in: where an earlier run wrote ours, where a DataSource looks for
 * them, or one of that name. All of it lies under the source folder, since a file outside would move what `nest build`
 * writes.
 */
export function findMigrationsFolder(tree: Tree, project: Project): MigrationsFolder {
  const root = `/${project.sourceRoot}`;
  const files = filesIn(tree.getDir(root));
  const globbed = globbedFolders(tree, project);
  const ours = files.find((path) =>
    MIGRATIONS.some(({ timestamp, name }) => path.endsWith(`/${timestamp}-${name}.ts`)),
  );
  const named = files
    .filter((path) => /\/migrations?\/[^/]+\.ts$/.test(path))
    .sort((a, b) => a.split('/').length - b.split('/').length || a.localeCompare(b));
  const [first] = named;
  const path = ours ? folderOf(ours) : (globbed[0] ?? (first ? folderOf(first) : `${root}/migrations`));
  return { path, isFoundByGlob: globbed.includes(path) };
}

/** Folders under the source folder that some `migrations: ['.../*']` names. */
function globbedFolders(tree: Tree, project: Project): string[] {
  return sourceFilesWith(tree, project, /\bmigrations\b/).flatMap((file) =>
    migrationLists(file).flatMap((element) => {
      const folder = globbedFolder(element, file.path, project.sourceRoot);
      return folder?.startsWith(`/${project.sourceRoot}/`) ? [folder] : [];
    }),
  );
}

function migrationLists({ text, code }: SourceFile): string[] {
  return [...code.matchAll(/\bmigrations\s*:\s*\[/g)].flatMap(({ index, 0: head }) => {
    const open = index + head.length - 1;
    const close = closingBracket(code, open);
    return close === null ? [] : splitElements(text.slice(open + 1, close));
  });
}

/** `join(__dirname, 'migrations', '*.js')`, `__dirname + '/migrations/*{.ts,.js}'` and `'dist/migrations/*.js'`. */
function globbedFolder(element: string, file: string, sourceRoot: string): string | null {
  const glob = [...element.matchAll(/(['"`])(.*?)\1/g)]
    .map(([, , literal = '']) => literal.replace(/\$\{[^}]*\}/g, ''))
    .join('/');
  const segments = glob.split('/');
  const end = segments.findIndex((segment) => /[*{]/.test(segment));
  if (end === -1) return null;
  const folder = segments.slice(0, end).join('/');
  if (/__dirname|import\.meta/.test(element)) return joinPath(folderOf(file), folder);
  const inside = folder
    .replace(/^(?:\.?\/)*(?:dist\/)?/, '')
    .replace(new RegExp(`^(?:${sourceRoot}|src)(?:/|$)`), '');
  return inside === '' ? null : joinPath(`/${sourceRoot}`, inside);
}
