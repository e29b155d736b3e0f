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
  echo(@McpUser('userId') userId: string, @Body() body: Record<string, unknown>) {
    return { from: userId, body };
  }
}
`;
}

/** Below the MCP path, which is itself the place of a controller without a name of its own. */
const routeOf = (name: string): string => (name === 'mcp' ? 'mcp/api' : `mcp/api/${name}`);

/** Its test, in the application's own runner. */
export function controllerTestTemplate(
  className: string,
  name: string,
  { importSuffix, testRunner }: Pick<Project, 'importSuffix' | 'testRunner'>,
): string {
  const globals = testRunner === 'vitest' ? "import { describe, expect, it } from 'vitest';\n" : '';
  return `${globals}import type { McpPrincipal } from 'nestjs-mcp-auth';
import { ${className} } from './${name}.controller${importSuffix}';

describe('${className}', () => {
  const controller = new ${className}();

  it('tells who is calling', () => {
    const principal = { userId: 'alice', scopes: ['mcp:read'] } as unknown as McpPrincipal;
    expect(controller.whoami(principal)).toEqual({ userId: 'alice', scopes: ['mcp:read'] });
  });

  it('answers in the name of the caller', () => {
    expect(controller.echo('alice', { text: 'hello' })).toEqual({ from: 'alice', body: { text: 'hello' } });
  });
});
`;
}
