import { existsSync, readFileSync } from 'node:fs';

/** A claim, and the test that fails when it no longer holds. */
export type Watched = readonly [id: string, claim: string, file: string, test: string];

const SUFFIXES = ['e2e-spec.ts', 'spec.ts', 'ts'];

/** The source of a test file, named without its suffix. */
export function sourceOfTest(file: string): string {
  const path = SUFFIXES.map((suffix) => `${file}.${suffix}`).find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`There is no test file ${file}`);
  return readFileSync(path, 'utf8');
}
