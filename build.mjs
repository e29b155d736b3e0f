// Builds the package twice, as ES modules for Nest 12 and as CommonJS for Nest 11, and its schematics.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });
for (const [format, type, folder = format] of [
  ['esm', 'module'],
  ['cjs', 'commonjs'],
  ['schematics', 'commonjs', 'generators'],
]) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', `tsconfig.${format}.json`], {
    cwd: new URL('.', import.meta.url),
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(new URL(`dist/${folder}/package.json`, import.meta.url), `{ "type": "${type}" }\n`);
}

cpSync(new URL('schematics', import.meta.url), new URL('dist/generators/schematics', import.meta.url), {
  recursive: true,
  filter: (source) => !source.endsWith('.ts'),
});
