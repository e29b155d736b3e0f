import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { McpAuthOptions } from './config/mcp-auth-options.js';

/** What shapes the module itself, and so has to be known before any option: beside `useFactory`, not in it. */
export interface McpAuthExtras {
  /** Let every module use `McpAuthGuard` without importing this one. Default: true. */
  isGlobal?: boolean;
  /** Protect all routes under `mcpServerPath` by a global guard. Default: true. */
  globalGuard?: boolean;
  /** Name of the TypeORM DataSource to store into. Default: the unnamed one. */
  dataSourceName?: string;
  /** Path under which the application mounts `/oauth/...` when `serverUrl` has a path, such as `/tenant1`. Default: ''. */
  routePrefix?: string;
  /** Decorators for this module's controllers: what the application's own global guard takes for "public". */
  controllerDecorators?: ClassDecorator[];
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<McpAuthOptions>({
    moduleName: 'McpAuth',
    optionsInjectionToken: Symbol.for('nestjs-mcp-auth:options'),
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createMcpAuthOptions')
    .setExtras<McpAuthExtras>({}, (definition) => definition)
    .build();
