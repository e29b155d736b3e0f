import { describe, expect, it } from '@jest/globals';
import { application, contents, runRule } from '../../test/support/schematic-tree.js';
import { mcpController, type McpControllerOptions } from './index.js';

/** The files that are there afterwards and were not before. */
function generated(options: McpControllerOptions): string[] {
  const tree = application();
  const before = Object.keys(contents(tree));
  runRule(mcpController(options), tree);
  return Object.keys(contents(tree)).filter((path) => !before.includes(path));
}

describe('mcp-controller', () => {
  it.each<[McpControllerOptions, string, string, string]>([
    [{}, '/src/mcp/mcp', 'McpController', 'mcp/api'],
    [{ name: 'noteTools' }, '/src/note-tools/note-tools', 'NoteToolsController', 'mcp/api/note-tools'],
    [{ name: 'note-tools' }, '/src/note-tools/note-tools', 'NoteToolsController', 'mcp/api/note-tools'],
    [{ name: 'admin/Notes' }, '/src/admin/notes/notes', 'NotesController', 'mcp/api/notes'],
    [{ name: 'notes', path: 'admin', flat: true }, '/src/admin/notes', 'NotesController', 'mcp/api/notes'],
  ])('%j is a guarded controller, with a test', (options, path, className, route) => {
    const tree = application();
    const { said } = runRule(mcpController(options), tree);
    const controller = tree.readText(`${path}.controller.ts`);
    expect(controller).toContain(
      `@Controller('${route}')\n@UseGuards(McpAuthGuard)\nexport class ${className} {`,
    );
    expect(tree.readText(`${path}.controller.spec.ts`)).toContain(`describe('${className}'`);
    const module = tree.readText('/src/app.module.ts');
    expect(module).toContain(`controllers: [AppController, ${className}],`);
    expect(module).toContain(`import { ${className} } from '.${path.slice('/src'.length)}.controller';`);
    expect(said).toBe('');
  });

  it('heeds what nest g is told', () => {
    expect(generated({ name: 'notes', spec: false })).toEqual(['/src/notes/notes.controller.ts']);
    expect(generated({ name: 'notes', specFileSuffix: 'test' })).toContain(
      '/src/notes/notes.controller.test.ts',
    );
    const tree = application();
    runRule(mcpController({ name: 'notes', skipImport: true }), tree);
    expect(tree.readText('/src/app.module.ts')).not.toContain('NotesController');
  });

  it('says so where it cannot be added to a module', () => {
    const tree = application({ '/src/app.module.ts': 'export const AppModule = create();' });
    expect(runRule(mcpController({ name: 'notes' }), tree).said).toContain(
      'Add NotesController to the controllers of a module.',
    );
  });

  it('overwrites nothing', () => {
    const tree = application({ '/src/notes/notes.controller.ts': 'mine' });
    const module = tree.readText('/src/app.module.ts');
    expect(runRule(mcpController({ name: 'notes' }), tree).said).toContain('is there already');
    expect(tree.readText('/src/notes/notes.controller.ts')).toBe('mine');
    expect(tree.readText('/src/app.module.ts')).toBe(module);
  });
});
