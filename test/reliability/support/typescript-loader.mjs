// Lets `node --import` run this repository's TypeScript as Jest does: the instances of the reliability tests are
// processes of their own, which need no build and therefore never race with one.
import { transformFile } from '@swc/core';
import { register } from 'node:module';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import jestConfig from '../../../jest.config.mjs';

const [, jestsOptions] = jestConfig.transform['^.+\\.ts$'];
const root = new URL('../../../', import.meta.url).href;

// Hooks run in a thread of their own, which loads this same file.
if (isMainThread) register(import.meta.url);

export async function resolve(specifier, context, next) {
  if (specifier === 'nestjs-mcp-auth') {
    return { url: new URL('lib/index.ts', root).href, format: 'module', shortCircuit: true };
  }
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
    const source = new URL(`${specifier.slice(0, -'.js'.length)}.ts`, context.parentURL);
    if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { code } = await transformFile(fileURLToPath(url), {
    swcrc: false,
    ...jestsOptions,
  });
  return { source: code, format: 'module', shortCircuit: true };
}
