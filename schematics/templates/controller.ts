import type { Project } from '../support/project.js';

/** A guarded controller. */
export function controllerTemplate(className: string, name: string): string {
  return `import { Body, Controller, Get, Post, UseGuards } from '@nestjs/common';
import {
  McpAuthGuard,
  McpScopes,
  McpUser,
  type McpPrincipal,
} from 'nestjs-mcp-auth';

/** Every route needs an access token; @McpPublic() would exempt one. */
@Controller('${routeOf(name)}')
@UseGuards(McpAuthGuard)
export class ${className} {
  @Get('whoami')
  whoami(@McpUser() principal: McpPrincipal) {
    return { userId: principal.userId, scopes: principal.scopes };
  }

  @Post('echo')
  @McpScopes('mcp:write')
  echo(@McpUser('userId') userId: string, @Body() body: object) {
    return { from: userId, body };
  }
}
`;
}

/** Below the MCP path, which is itself the place of a controller without a name of its own. */
const routeOf = (name: string): string => (name === 'mcp' ? 'mcp/api' : `mcp/api/${name}`);

/** Its test, in the application's own runner: by HTTP, so that the guard is in it. */
export function controllerTestTemplate(
  className: string,
  name: string,
  { importSuffix, testRunner }: Pick<Project, 'importSuffix' | 'testRunner'>,
): string {
  const globals =
    testRunner === 'vitest' ? "import { afterEach, describe, expect, it } from 'vitest';\n" : '';
  return `import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { McpAuthTestingModule } from 'nestjs-mcp-auth/testing';
${globals}import { ${className} } from './${name}.controller${importSuffix}';

describe('${className}', () => {
  let app: INestApplication;

  /** The controller on its own, for a user whose token has this scope. */
  async function startAs(userId: string, scope: string): Promise<string> {
    const moduleRef = await Test.createTestingModule({
      imports: [McpAuthTestingModule.signedInAs({ userId, scope })],
      controllers: [${className}],
    }).compile();
    app = moduleRef.createNestApplication();
    await app.listen(0, '127.0.0.1');
    return \`\${await app.getUrl()}/${routeOf(name)}\`;
  }

  afterEach(() => app.close());

  it('tells who is calling', async () => {
    const url = await startAs('alice', 'mcp:read');
    const response = await fetch(\`\${url}/whoami\`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      userId: 'alice',
      scopes: ['mcp:read'],
    });
  });

  it('refuses a token that is not valid', async () => {
    const url = await startAs('alice', 'mcp:read');
    const headers = { authorization: 'Bearer not-a-token' };
    const response = await fetch(\`\${url}/whoami\`, { headers });
    expect(response.status).toBe(401);
  });

  it('echoes for those who may write, and for nobody else', async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'hello' }),
    };
    const url = await startAs('alice', 'mcp:read mcp:write');
    const response = await fetch(\`\${url}/echo\`, init);
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      from: 'alice',
      body: { text: 'hello' },
    });
    await app.close();

    const readOnly = await startAs('bob', 'mcp:read');
    expect((await fetch(\`\${readOnly}/echo\`, init)).status).toBe(403);
  });
});
`;
}
