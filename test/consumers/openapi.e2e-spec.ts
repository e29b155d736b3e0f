import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmInstall, packInto, runOrFail, temporaryFolder } from '../support/workspace.js';

/** Prints the paths of the OpenAPI document that @nestjs/swagger makes of an application with the module. */
const PROGRAM = `
require('reflect-metadata');
const { Controller, Get, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { ScheduleModule } = require('@nestjs/schedule');
const { DocumentBuilder, SwaggerModule } = require('@nestjs/swagger');
const { TypeOrmModule } = require('@nestjs/typeorm');
const { MCP_AUTH_MIGRATIONS, McpAuthModule } = require('nestjs-mcp-auth');

class ThingsController {
  list() {}
}
Controller('things')(ThingsController);
Get()(ThingsController.prototype, 'list', Object.getOwnPropertyDescriptor(ThingsController.prototype, 'list'));
class AppModule {}
Module({
  imports: [
    ScheduleModule.forRoot(),
    TypeOrmModule.forRoot({
      type: 'better-sqlite3', driver: require('libsql'), database: ':memory:',
      autoLoadEntities: true, migrations: MCP_AUTH_MIGRATIONS, migrationsRun: true,
    }),
    McpAuthModule.forRoot({ currentUser: () => null, loginUrl: () => '/login' }),
  ],
  controllers: [ThingsController],
})(AppModule);

(async () => {
  const app = await NestFactory.create(AppModule, { logger: ['error'] });
  const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  console.log('PATHS ' + JSON.stringify(Object.keys(paths)));
  await app.close();
})();
`;

describe('an application with @nestjs/swagger', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    folder = await temporaryFolder('openapi');
    await writeFile(join(folder.path, 'package.json'), '{ "name": "openapi", "private": true }\n');
    await writeFile(join(folder.path, 'main.cjs'), PROGRAM);
  });
  afterAll(() => folder.remove());

  it('has its own routes in its document, and none of the module’s', async () => {
    const nest = ['common', 'core', 'platform-express', 'jwt', 'typeorm', 'swagger'];
    await npmInstall(
      folder.path,
      await packInto(folder.path),
      ...nest.map((name) => `@nestjs/${name}@11`),
      ...['@nestjs/schedule@6', 'typeorm@1', 'libsql@0.5.29', 'reflect-metadata', 'rxjs'],
    );
    const output = await runOrFail(process.execPath, ['main.cjs'], { cwd: folder.path });
    expect(JSON.parse(/PATHS (.*)/.exec(output)?.[1] ?? '[]')).toEqual(['/things']);
  });
});
