import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmInstall, packInto, runOrFail, temporaryFolder } from '../support/workspace.js';

/** One test file for both worlds: its globals are Jest's in one and Vitest's in the other. */
const SPEC = `
import 'reflect-metadata';
import { Controller, Get, Module, Post, UseGuards, type INestApplication } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import Libsql from 'libsql';
import { MCP_AUTH_MIGRATIONS, McpAuthGuard, McpAuthModule, McpScopes, McpUser } from 'nestjs-mcp-auth';
import { McpAuthTester, McpAuthTestingModule, withPrincipal, type TestBrowser } from 'nestjs-mcp-auth/testing';
import request from 'supertest';

@Controller('mcp/api')
class McpController {
  @Get('whoami')
  whoami(@McpUser('userId') userId: string): object {
    return { userId };
  }

  @Post('notes')
  @McpScopes('mcp:write')
  add(): object {
    return { added: true };
  }
}

@Controller('notes')
@UseGuards(McpAuthGuard)
class NotesController {
  @Get()
  list(@McpUser('userId') userId: string): object {
    return { userId };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      driver: Libsql,
      database: ':memory:',
      autoLoadEntities: true,
      migrations: MCP_AUTH_MIGRATIONS,
      migrationsRun: true,
    }),
    ScheduleModule.forRoot(),
    McpAuthModule.forRoot({
      oauthSecret: 'a-secret-of-this-test-0123456789abcdef',
      currentUser: ({ headers }: { headers: { cookie?: string } }) =>
        headers.cookie?.match(/signed_in=(\\w+)/)?.[1] ?? null,
      loginUrl: () => '/login',
    }),
  ],
  controllers: [McpController],
})
class AppModule {}

describe('an application that installed the package', () => {
  let app: INestApplication;
  const get = (path: string, token?: string) => {
    const call = request(app.getHttpServer()).get(path);
    return token === undefined ? call : call.set('Authorization', \`Bearer \${token}\`);
  };

  afterEach(() => app.close());

  it('mints tokens and walks the flow', async () => {
    app = (await Test.createTestingModule({ imports: [AppModule] }).compile()).createNestApplication();
    await app.init();
    const auth = McpAuthTester.of(app);
    await get('/mcp/api/whoami').expect(401);
    await get('/mcp/api/whoami', await auth.accessToken({ userId: 'alice' })).expect(200, { userId: 'alice' });
    await get('/mcp/api/whoami', await auth.expiredToken({ userId: 'alice' })).expect(401);
    await get('/mcp/api/whoami', await auth.foreignToken({ userId: 'alice' })).expect(401);

    const signIn = (browser: TestBrowser) => browser.setCookie('signed_in', 'bob');
    const session = await auth.authorize({ signIn, scope: 'mcp:read' });
    await session.refresh();
    await get('/mcp/api/whoami', session.accessToken).expect(200, { userId: 'bob' });
    await session.revoke();
    await get('/mcp/api/whoami', session.accessToken).expect(401);
    const refusal = await auth.authorize({ signIn, deny: true });
    expect(refusal.error).toBe('access_denied');
  });

  it('signs somebody in', async () => {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const moduleRef = await withPrincipal(builder, { userId: 'carol', scope: 'mcp:read' }).compile();
    app = moduleRef.createNestApplication();
    await app.init();
    await get('/mcp/api/whoami').expect(200, { userId: 'carol' });
    await request(app.getHttpServer()).post('/mcp/api/notes').expect(403);
  });

  it('tests a controller on its own', async () => {
    const moduleRef = await Test.createTestingModule({
      imports: [McpAuthTestingModule.signedInAs({ userId: 'dave' })],
      controllers: [NotesController],
    }).compile();
    app = moduleRef.createNestApplication();
    await app.init();
    await get('/notes').expect(200, { userId: 'dave' });
  });
});
`;

/** What an ESM test sees that loads a compiled CommonJS application: the package in two copies. */
const TWO_COPIES = `
import 'reflect-metadata';
import { createRequire } from 'node:module';
import { Test } from '@nestjs/testing';
import * as esm from 'nestjs-mcp-auth/testing';

const require = createRequire(import.meta.url);
const cjs = require('nestjs-mcp-auth');
if (require('nestjs-mcp-auth/testing').McpAuthTester === esm.McpAuthTester) throw new Error('These are not two copies');
const { Controller, Get } = require('@nestjs/common');
const { TypeOrmModule } = require('@nestjs/typeorm');
const { ScheduleModule } = require('@nestjs/schedule');

class WhoamiController {
  whoami(userId) {
    return userId;
  }
}
Get()(WhoamiController.prototype, 'whoami', Object.getOwnPropertyDescriptor(WhoamiController.prototype, 'whoami'));
cjs.McpUser('userId')(WhoamiController.prototype, 'whoami', 0);
Controller('mcp/api')(WhoamiController);

const builder = Test.createTestingModule({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3', driver: require('libsql'), database: ':memory:',
      autoLoadEntities: true, migrations: cjs.MCP_AUTH_MIGRATIONS, migrationsRun: true,
    }),
    ScheduleModule.forRoot(),
    cjs.McpAuthModule.forRoot({
      oauthSecret: 'a-secret-of-this-test-0123456789abcdef', currentUser: () => 'eve', loginUrl: () => '/login',
    }),
  ],
  controllers: [WhoamiController],
});
const app = (await esm.withPrincipal(builder, { userId: 'alice' }).compile()).createNestApplication({ logger: false });
await app.listen(0, '127.0.0.1');
const auth = esm.McpAuthTester.of(app);
const call = async (token) => {
  const headers = token === undefined ? {} : { authorization: 'Bearer ' + token };
  const response = await fetch((await app.getUrl()) + '/mcp/api', { headers });
  return response.status + ' ' + (response.status === 200 ? await response.text() : '');
};
console.log('ANSWERS ' + JSON.stringify([
  await call(),
  await call(await auth.accessToken({ userId: 'bob' })),
  await call(await auth.expiredToken({ userId: 'bob' })),
  await call(await auth.foreignToken({ userId: 'bob' })),
  await call((await auth.authorize()).accessToken),
]));
await app.close();
`;

const nest = (major: number, ...names: string[]): string[] => names.map((name) => `@nestjs/${name}@${major}`);
const COMMON = [
  'libsql@0.5.29',
  'reflect-metadata',
  'rxjs',
  'supertest@7',
  '@types/supertest@7',
  '@types/node@20',
];
const COMPILER_OPTIONS = {
  strict: true,
  noEmit: true,
  target: 'ES2022',
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  esModuleInterop: true,
  skipLibCheck: true,
};

describe('nestjs-mcp-auth/testing, installed', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let tarball: string;

  beforeAll(async () => {
    folder = await temporaryFolder('testing');
    tarball = await packInto(folder.path);
  });
  afterAll(() => folder.remove());

  async function application(name: string, manifest: object, files: Record<string, string>): Promise<string> {
    const path = join(folder.path, name);
    await mkdir(path);
    await writeFile(join(path, 'package.json'), JSON.stringify({ name, private: true, ...manifest }));
    for (const [file, content] of Object.entries(files)) await writeFile(join(path, file), content);
    return path;
  }

  it('is required under Jest on Nest 11, with types by the resolution of node10', async () => {
    const path = await application(
      'nest11',
      { jest: { preset: 'ts-jest', testEnvironment: 'node' } },
      {
        'app.spec.ts': SPEC,
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            ...COMPILER_OPTIONS,
            module: 'commonjs',
            moduleResolution: 'node10',
            types: ['node', 'jest'],
          },
          include: ['*.ts'],
        }),
      },
    );
    await npmInstall(
      path,
      tarball,
      ...nest(11, 'common', 'core', 'platform-express', 'jwt', 'typeorm', 'testing'),
      ...['@nestjs/schedule@6', 'typeorm@0.3', 'jest@29', 'ts-jest@29', '@types/jest@29', 'typescript@5'],
      ...COMMON,
    );
    await runOrFail('npx', ['tsc', '-p', '.'], { cwd: path });
    expect(await runOrFail('npx', ['jest'], { cwd: path })).toContain('3 passed, 3 total');
  });

  it('is imported under Vitest on Nest 12, with types by the resolution of nodenext', async () => {
    const path = await application(
      'nest12',
      { type: 'module' },
      {
        'app.spec.ts': SPEC,
        'two-copies.mjs': TWO_COPIES,
        'vitest.config.mjs': 'export default { test: { globals: true } };\n',
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            ...COMPILER_OPTIONS,
            module: 'nodenext',
            moduleResolution: 'nodenext',
            types: ['node', 'vitest/globals'],
          },
          include: ['*.ts'],
        }),
      },
    );
    await npmInstall(
      path,
      tarball,
      ...nest(12, 'common', 'core', 'platform-express', 'jwt', 'typeorm', 'testing', 'schedule'),
      ...['typeorm@1', 'vitest@3', 'typescript@6'],
      ...COMMON,
    );
    await runOrFail('npx', ['tsc', '-p', '.'], { cwd: path });
    expect(await runOrFail('npx', ['vitest', 'run', '--no-color'], { cwd: path })).toMatch(/Tests +3 passed/);

    const output = await runOrFail(process.execPath, ['two-copies.mjs'], { cwd: path });
    expect(JSON.parse(/ANSWERS (.*)/.exec(output)?.[1] ?? '[]')).toEqual([
      '200 alice',
      '200 bob',
      '401 ',
      '401 ',
      '200 eve',
    ]);
  });

  it('asks nobody for @nestjs/testing, a test runner or supertest', async () => {
    const dist = join(process.cwd(), 'dist');
    const files = (await readdir(dist, { recursive: true })).filter((name) =>
      /testing\/.*\.(js|d\.ts)$/.test(name),
    );
    expect(files.length).toBeGreaterThan(60);
    const imported = new Set<string>();
    for (const file of files) {
      const text = await readFile(join(dist, file), 'utf8');
      for (const [, name = ''] of text.matchAll(/(?:from |require\(|import\()["']([^"']+)["']/g))
        imported.add(name);
    }
    const foreign = [...imported].filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
    expect(foreign.sort()).toEqual(['@nestjs/common', '@nestjs/core']);
  });
});
