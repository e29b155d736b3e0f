import { describe, expect, it } from '@jest/globals';
import type { Tree } from '@angular-devkit/schematics';
import { MCP_AUTH_MIGRATIONS } from '../../lib/index.js';
import { application, contents, runRule } from '../../test/support/schematic-tree.js';
import { install } from '../install/index.js';
import { addMigrations, listMigrations, MIGRATIONS } from '../support/migrations.js';
import { readProject } from '../support/project.js';
import { migration } from './index.js';

const FIRST = MIGRATIONS.slice(0, 1);
const NEXT = [
  ...FIRST,
  { timestamp: 1999000000000, name: 'add-mcp-auth-tables', className: 'AddMcpAuthTables1999000000000' },
];

/** An upgrade to a version of the module that brings one migration more. */
function upgrade(tree: Tree): { added: string[]; listed: string[] } {
  const project = readProject(tree);
  const added = addMigrations(tree, '/src/migrations', NEXT).map(({ className }) => className);
  return { added, listed: listMigrations(tree, project, '/src/migrations', NEXT) };
}

describe('migration', () => {
  it('knows every migration of the module, in order', () => {
    expect(MIGRATIONS.map(({ className }) => className)).toEqual(MCP_AUTH_MIGRATIONS.map(({ name }) => name));
  });

  it('writes each as a file of the application, once', () => {
    const tree = application();
    const { said } = runRule(migration(), tree);
    expect(tree.readText('/src/migrations/1764000000000-create-mcp-auth-tables.ts')).toContain(
      "export { CreateMcpAuthTables1764000000000 } from 'nestjs-mcp-auth';\n",
    );
    expect(said).toContain('New: src/migrations/1764000000000-create-mcp-auth-tables.ts');
    const before = contents(tree);
    expect(runRule(migration(), tree).said).toBe('Every migration is there already.');
    expect(contents(tree)).toEqual(before);
  });

  it('adds those that are new to the list that install wrote', () => {
    const tree = application({ '/package.json': { type: 'module' } });
    runRule(install({}), tree);
    // As an installation of the first version looks.
    const later = MIGRATIONS.slice(1).map(({ className }) => className);
    const current = tree.readText('/src/app.module.ts');
    const early = later.reduce(
      (text, name) =>
        text
          .replace(new RegExp(`^import .*${name}.*\\n`, 'm'), '')
          .replace(new RegExp(`,\\s*${name}\\b`), ''),
      current,
    );
    tree.overwrite('/src/app.module.ts', early);
    const { added, listed } = upgrade(tree);
    expect(added).toEqual(['AddMcpAuthTables1999000000000']);
    expect(listed).toEqual(['/src/app.module.ts']);
    const module = tree.readText('/src/app.module.ts');
    expect(module).toContain(
      "import { AddMcpAuthTables1999000000000 } from './migrations/1999000000000-add-mcp-auth-tables.js';\n",
    );
    expect(module.match(/migrations: \[([^\]]*)\]/)?.[1]?.match(/\w+/g)).toEqual([
      'CreateMcpAuthTables1764000000000',
      'AddMcpAuthTables1999000000000',
    ]);
    expect(upgrade(tree)).toEqual({ added: [], listed: [] });
  });

  it('adds them to a list of the application as well, wherever it is, and to no other list', () => {
    const dataSource = `import { CreateUsers1 } from './1-create-users';
import { CreateMcpAuthTables1764000000000 } from './migrations/1764000000000-create-mcp-auth-tables';

export default new DataSource({
  entities: [User],
  migrations: [CreateUsers1, CreateMcpAuthTables1764000000000], // in order
});
`;
    const tree = application({
      '/src/data-source.ts': dataSource,
      '/src/other.ts': 'const seen = [CreateMcpAuthTables1764000000000];\n',
    });
    expect(upgrade(tree).listed).toEqual(['/src/data-source.ts']);
    expect(tree.readText('/src/data-source.ts')).toContain(`
import { AddMcpAuthTables1999000000000 } from './migrations/1999000000000-add-mcp-auth-tables';

export default new DataSource({
  entities: [User],
  migrations: [
    CreateUsers1,
    CreateMcpAuthTables1764000000000,
    AddMcpAuthTables1999000000000,
  ], // in order
});
`);
  });
});
