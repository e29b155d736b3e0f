import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmInstall, runOrFail } from './workspace.js';

/**
 * Builds better-sqlite3 once, and packs the binary as its makers do: applications that download it then take as long as
 * where the makers' release page can be reached. Answers the file's path.
 */
export async function packBetterSqlite(folder: string): Promise<string> {
  const project = { private: true, allowScripts: { 'better-sqlite3': true } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(project));
  await npmInstall(folder, 'better-sqlite3@^12.0.0');
  const cwd = join(folder, 'node_modules/better-sqlite3');
  const { version } = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8')) as { version: string };
  const { versions, platform, arch } = process;
  const file = join(
    folder,
    `better-sqlite3-v${version}-node-v${versions.modules}-${platform}-${arch}.tar.gz`,
  );
  await runOrFail('tar', ['czf', file, 'build/Release/better_sqlite3.node'], { cwd });
  return file;
}
