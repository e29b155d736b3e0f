/** A guarded controller. */
export function controllerTemplate(className: string): string {
  return `import { Body, Controller, Get, Post } from '@nestjs/common';
import { McpScopes, McpUser, type McpPrincipal } from 'nestjs-mcp-auth';

/** Under the MCP path, so every route needs an access token; @McpPublic() would exempt one. */
@Controller('mcp/api')
export class ${className} {
  @Get('whoami')
  whoami(@McpUser() principal: McpPrincipal) {
    return { userId: principal.userId, scopes: principal.scopes };
  }

  @Post('echo')
  @McpScopes('mcp:write')
  echo(@McpUser('userId') userId: string, @Body() body: unknown) {
    return { from: userId, body };
  }
}
`;
}

/** Its test, in the application's own runner. */
export function controllerTestTemplate(
  className: string,
  file: string,
  importSuffix: string,
  runner: 'jest' | 'vitest',
): string {
  const globals = runner === 'vitest' ? "import { describe, expect, it } from 'vitest';\n" : '';
  return `${globals}import type { McpPrincipal } from 'nestjs-mcp-auth';
import { ${className} } from './${file}${importSuffix}';

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
