// A whole flow against the packed package, in plain JavaScript that runs under both module systems. The module comes from
// one copy of the package, guard and decorators from another, which may be the same.
const { createHash, randomBytes } = require('node:crypto');

const assert = require('node:assert/strict');

function createApp({ common, schedule, nestTypeorm, Libsql }, module, decorators, { port, entities }) {
  class McpController {
    whoami(principal, userId) {
      return { same: principal.userId === userId, userId };
    }
    write() {
      return 'written';
    }
    docs() {
      return 'public';
    }
  }
  const decorate = (name, ...all) => {
    const descriptor = Object.getOwnPropertyDescriptor(McpController.prototype, name);
    for (const decorator of all) decorator(McpController.prototype, name, descriptor);
  };
  common.Controller('mcp/api')(McpController);
  decorate('whoami', common.Get('whoami'));
  decorators.McpUser()(McpController.prototype, 'whoami', 0);
  decorators.McpUser('userId')(McpController.prototype, 'whoami', 1);
  decorate('write', common.Post('write'), decorators.McpScopes('mcp:write'));
  decorate('docs', common.Get('docs'), decorators.McpPublic());

  class ElsewhereController {
    guarded() {
      return 'guarded';
    }
  }
  common.Controller('elsewhere')(ElsewhereController);
  common.UseGuards(decorators.McpAuthGuard)(ElsewhereController);
  const guarded = Object.getOwnPropertyDescriptor(ElsewhereController.prototype, 'guarded');
  common.Get()(ElsewhereController.prototype, 'guarded', guarded);

  class AppModule {}
  common.Module({
    imports: [
      nestTypeorm.TypeOrmModule.forRoot({
        type: 'better-sqlite3',
        driver: Libsql,
        database: ':memory:',
        ...(entities ? { entities } : { autoLoadEntities: true }),
        migrations: module.MCP_AUTH_MIGRATIONS,
        migrationsRun: true,
        retryAttempts: 0,
      }),
      schedule.ScheduleModule.forRoot(),
      module.McpAuthModule.forRootAsync({
        useFactory: () => ({
          serverUrl: `http://localhost:${port}`,
          oauthSecret: randomBytes(32).toString('base64url'),
          currentUser: () => ({ id: 'alice' }),
          loginUrl: () => '/login',
        }),
      }),
    ],
    controllers: [McpController, ElsewhereController],
  })(AppModule);
  return AppModule;
}

const form = (fields) => ({
  method: 'POST',
  redirect: 'manual',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});

/** Boots an application, and walks from the first 401 to a call and a refresh. */
async function wholeFlow(nest, module, decorators, port) {
  const app = await nest.core.NestFactory.create(createApp(nest, module, decorators, { port }), {
    logger: false,
    abortOnError: false,
  });
  await app.listen(port, 'localhost');
  const base = `http://localhost:${port}`;
  const call = (path, token, method = 'GET') =>
    fetch(`${base}${path}`, { method, headers: token ? { authorization: `Bearer ${token}` } : {} });
  try {
    const refused = await call('/mcp/api/whoami');
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get('www-authenticate'), /resource_metadata=/);
    assert.equal(await (await call('/mcp/api/docs')).text(), 'public');
    assert.equal((await call('/elsewhere')).status, 401);

    const redirectUri = 'http://localhost:7777/callback';
    const registration = await fetch(`${base}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'Smoke', redirect_uris: [redirectUri] }),
    });
    const { client_id } = await registration.json();
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      ...{ response_type: 'code', client_id, redirect_uri: redirectUri, scope: 'mcp:read' },
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const page = await fetch(`${base}/oauth/authorize?${query}`);
    const html = await page.text();
    const fields = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
      ([, name, value]) => [name, value.replaceAll('&#x3D;', '=')],
    );
    const approve = form([...fields, ['approved', 'true']]);
    approve.headers.cookie = page.headers.getSetCookie()[0].split(';')[0];
    const approved = await fetch(`${base}/oauth/approve`, approve);
    const code = new URL(approved.headers.get('location')).searchParams.get('code');
    const exchange = { grant_type: 'authorization_code', code, client_id, redirect_uri: redirectUri };
    const tokens = await (
      await fetch(`${base}/oauth/token`, form({ ...exchange, code_verifier: verifier }))
    ).json();

    assert.deepEqual(await (await call('/mcp/api/whoami', tokens.access_token)).json(), {
      same: true,
      userId: 'alice',
    });
    assert.equal(await (await call('/elsewhere', tokens.access_token)).text(), 'guarded');
    assert.equal((await call('/mcp/api/write', tokens.access_token, 'POST')).status, 403);
    const refresh = form({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id });
    assert.equal((await fetch(`${base}/oauth/token`, refresh)).status, 200);
  } finally {
    await app.close();
  }
}

/** The entities of another copy are other classes: that has to be said at start. */
async function refusesForeignEntities(nest, module, other, port) {
  const app = createApp(nest, module, other, { port, entities: other.MCP_AUTH_ENTITIES });
  await assert.rejects(
    nest.core.NestFactory.create(app, { logger: false, abortOnError: false }).then((created) =>
      created.init(),
    ),
    /does not know the entities of nestjs-mcp-auth.*the same way/,
  );
}

module.exports = { wholeFlow, refusesForeignEntities };
