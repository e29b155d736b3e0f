import { describe, expect, it } from '@jest/globals';
import { APP_MODULE, application, runRule } from '../../test/support/schematic-tree.js';
import { install } from './index.js';

describe('install beside what is there', () => {
  it('leaves files, imports and environment of the application alone', () => {
    const tree = application({
      '/src/mcp-auth.options.ts': 'mine',
      '/views/mcp-auth/consent.hbs': 'mine',
      '/.env.example': 'MCP_HMAC_SECRET=\n',
      '/src/jobs/jobs.module.ts': 'ScheduleModule.forRoot();',
    });
    runRule(install({}), tree);
    expect(tree.readText('/src/mcp-auth.options.ts')).toBe('mine');
    expect(tree.readText('/views/mcp-auth/consent.hbs')).toBe('mine');
    expect(tree.readText('/.env.example')).toBe('MCP_HMAC_SECRET=\n');
    // A second ScheduleModule.forRoot() would run every job of the application twice.
    expect(tree.readText('/src/app.module.ts')).not.toContain('ScheduleModule');
  });

  it.each([
    ['no module', { '/src/app.module.ts': null, '/src/main.ts': null }],
    ['a module that is made elsewhere', { '/src/app.module.ts': 'export const AppModule = createModule();' }],
    ['imports that are computed', { '/src/app.module.ts': APP_MODULE.replace('[]', 'allImports()') }],
  ])('prints what it cannot edit safely: %s', (_, changes) => {
    const tree = application(changes);
    const before = tree.read('/src/app.module.ts')?.toString();
    const { said } = runRule(install({}), tree);
    expect(said).toContain(`
    import { McpAuthModule } from 'nestjs-mcp-auth';
    import { AppMcpAuthOptions } from './mcp-auth.options';
    imports: [
      TypeOrmModule.forRoot({
        type: 'better-sqlite3',
`);
    expect(said).toContain('\n      McpAuthModule.forRootAsync({ useClass: AppMcpAuthOptions }),\n    ]');
    expect(tree.read('/src/app.module.ts')?.toString()).toBe(before);
  });
});
