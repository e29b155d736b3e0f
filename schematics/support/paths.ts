/** Paths in a tree: absolute, with slashes, on every system. */
export function joinPath(folder: string, relative: string): string {
  const segments = folder.split('/').filter(Boolean);
  for (const segment of relative.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** How one file imports another one, without a suffix: `./migrations/1-create`. */
export function importPath(fromFile: string, toFile: string): string {
  const from = folderOf(fromFile).split('/').filter(Boolean);
  const to = toFile.replace(/\.ts$/, '').split('/').filter(Boolean);
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  const up = '../'.repeat(from.length - shared);
  return `${up === '' ? './' : up}${to.slice(shared).join('/')}`;
}
