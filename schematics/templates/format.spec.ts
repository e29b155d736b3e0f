import { describe, expect, it } from '@jest/globals';
import { check } from 'prettier';
import { application, contents, runRule } from '../../test/support/schematic-tree.js';
import { install } from '../install/index.js';
import { mcpController } from '../mcp-controller/index.js';

/** What `nest new` writes into .prettierrc. */
const PRETTIER_OF_NEST = { singleQuote: true, trailingComma: 'all', parser: 'typescript' } as const;

describe('generated TypeScript', () => {
  it.each([
    ['Jest and CommonJS', {}],
    ['Vitest and ES modules', { type: 'module', devDependencies: { vitest: '^4.0.0' } }],
  ])("is formatted as the application's linter wants it: %s", async (_, packageJson) => {
    const tree = application({ '/package.json': packageJson });
    runRule(install({}), tree);
    for (const name of ['mcp', 'note-tools-of-the-whole-department']) runRule(mcpController({ name }), tree);
    const sources = Object.entries(contents(tree)).filter(([path]) => path.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(7);
    for (const [path, source] of sources) {
      expect([path, await check(source, PRETTIER_OF_NEST)]).toEqual([path, true]);
    }
  });
});
