import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { npmInstall, packInto, runOrFail, temporaryFolder } from '../support/workspace.js';

/** The host and its suite, with what the suite imports. Where they lie stays the same, so that their imports do. */
const SOURCES = [
  'test/consumers/hostile-host/src',
  'test/consumers/hostile-host/test',
  'test/support/flow.ts',
  ...['cookie-jar', 'html-form', 'pkce'].map((name) => `lib/testing/${name}.ts`),
];

const SPEC = `import { postgresWithStaleReplica } from './consumers/hostile-host/test/databases.js';
import { describeHostileHost } from './consumers/hostile-host/test/hostile-host.suite.js';

describeHostileHost([postgresWithStaleReplica(process.env.MCP_AUTH_TEST_POSTGRES_URL ?? '')]);
`;

/** An application with files as \`nest new\` writes them, and how its imports are spelled. */
const CONSUMERS = [
  { name: 'Nest 11, CommonJS, TypeORM 0.3, Jest', template: 'nest-11-jest', extensions: false },
  { name: 'Nest 12, ES modules, TypeORM 1, Vitest', template: 'nest-12-vitest', extensions: true },
];

/** The suite as this consumer writes it: the runner's functions are globals, CommonJS imports have no extension. */
function spelled(source: string, extensions: boolean): string {
  const withGlobals = source.replace(/^import \{[^}]*\} from '@jest\/globals';\n/m, '');
  return extensions ? withGlobals : withGlobals.replace(/(from '\.[^']*)\.js'/g, "$1'");
}

describe('the hostile host with the packed package', () => {
  let packed: Awaited<ReturnType<typeof temporaryFolder>>;
  let tarball: string;

  beforeAll(async () => {
    packed = await temporaryFolder('packed');
    tarball = await packInto(packed.path);
  });
  afterAll(() => packed.remove());

  it.each(CONSUMERS)('passes under $name', async ({ template, extensions }) => {
    const folder = await temporaryFolder(template);
    try {
      await cp(`test/consumers/hostile-host/${template}`, folder.path, { recursive: true });
      for (const file of await filesOf(SOURCES)) {
        const target = join(folder.path, file);
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, spelled(await readFile(file, 'utf8'), extensions));
      }
      await writeFile(join(folder.path, 'test/hostile-host.e2e-spec.ts'), spelled(SPEC, extensions));
      await npmInstall(folder.path, tarball);
      await runOrFail('npm', ['run', 'typecheck'], { cwd: folder.path });
      const output = await runOrFail('npm', ['run', 'test:e2e'], { cwd: folder.path });
      expect(output).toMatch(/[1-9]\d* passed/);
    } finally {
      await folder.remove();
    }
  });
});

async function filesOf(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      if (path.endsWith('.ts')) return [path];
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  return found.flat();
}
