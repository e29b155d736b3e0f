import {
  Inject,
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { ApplicationConfig, DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthorizeController } from './authorization/authorize.controller.js';
import { RegisterController } from './clients/register.controller.js';
import { MCP_AUTH_CONFIG, type McpAuthConfig } from './config/mcp-auth-config.js';
import { WellKnownController } from './discovery/well-known.controller.js';
import { EndpointPaths } from './http/endpoint-paths.js';
import { mountController } from './http/mounted-controller.js';
import { RouteInspector } from './http/route-inspector.js';
import { assertMounted, keepInPlace } from './http/stay-in-place.js';
import { CleanupService } from './maintenance/cleanup.service.js';
import { ClientAdministrationService } from './maintenance/client-administration.service.js';
import { DoctorService } from './maintenance/doctor/doctor.service.js';
import { StatisticsService } from './maintenance/statistics.service.js';
import {
  ConfigurableModuleClass,
  type ASYNC_OPTIONS_TYPE,
  type McpAuthExtras,
  type OPTIONS_TYPE,
} from './mcp-auth.module-definition.js';
import { mcpAuthProviders } from './mcp-auth.providers.js';
import { UserinfoController } from './oidc/userinfo.controller.js';
import { assertSameVersion } from './package-copies.js';
import { RevocationService } from './resource/revocation.service.js';
import { ROUTE_ACCESS } from './resource/route-access.js';
import { Database } from './storage/database.js';
import { DatabaseClock } from './storage/database-clock.js';
import { MCP_AUTH_ENTITIES } from './storage/entities.js';
import { TokenController } from './token/token.controller.js';

/**
 * OAuth 2.1 authorization server and protected resource for an MCP server.
 *
 * @example
 * @Module({
 *   imports: [
 *     TypeOrmModule.forRoot({ ..., autoLoadEntities: true }),
 *     ScheduleModule.forRoot(),
 *     McpAuthModule.forRoot({
 *       currentUser: (request) => request.session?.user ?? null,
 *       loginUrl: (returnTo) => `/login?returnTo=${encodeURIComponent(returnTo)}`,
 *     }),
 *   ],
 * })
 * export class AppModule {}
 */
@Module({})
export class McpAuthModule extends ConfigurableModuleClass implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('McpAuth');

  /** @internal */
  constructor(
    @Inject(MCP_AUTH_CONFIG) private readonly config: McpAuthConfig,
    applicationConfig: ApplicationConfig,
    private readonly routes: RouteInspector,
    private readonly database: Database,
    private readonly clock: DatabaseClock,
  ) {
    super();
    keepInPlace(applicationConfig, new EndpointPaths(config));
  }

  /** With the options themselves. */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    return assemble(super.forRoot(options), options);
  }

  /** With options from `useFactory`, `useClass` or `useExisting`. */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return assemble(super.forRootAsync(options), options);
  }

  /** @internal */
  async onModuleInit(): Promise<void> {
    assertSameVersion();
    await this.database.assertReady();
    await this.clock.measure();
  }

  /** @internal */
  onApplicationBootstrap(): void {
    if (!this.routes.isServing) return;
    const { routePrefix, isAuthorizationServer, issuer, resources } = this.config;
    assertMounted(this.routes, [`${routePrefix}/oauth/authorize`, `${routePrefix}/oauth/token`]);
    assertMounted(this.routes, ['/.well-known/oauth-protected-resource']);
    this.logger.log(
      isAuthorizationServer
        ? `Authorization server ${issuer}, protecting ${resources.map(({ url }) => url).join(', ')}`
        : `Resource server ${resources.map(({ url }) => url).join(', ')}; tokens come from ${issuer}`,
    );
  }
}

function assemble(definition: DynamicModule, extras: McpAuthExtras): DynamicModule {
  const prefix = extras.routePrefix ?? '';
  const mount = (controller: Type, path: string): Type =>
    mountController(controller, path, extras.controllerDecorators ?? []);
  return {
    ...definition,
    global: extras.isGlobal ?? true,
    imports: [
      ...(definition.imports ?? []),
      DiscoveryModule,
      TypeOrmModule.forFeature(MCP_AUTH_ENTITIES, extras.dataSourceName),
    ],
    controllers: [
      mount(WellKnownController, ''),
      ...(prefix === '' ? [] : [mount(WellKnownController, prefix)]),
      mount(AuthorizeController, prefix),
      mount(TokenController, prefix),
      mount(RegisterController, prefix),
      mount(UserinfoController, prefix),
    ],
    providers: [...(definition.providers ?? []), ...mcpAuthProviders(extras)],
    exports: [
      ROUTE_ACCESS,
      RevocationService,
      CleanupService,
      StatisticsService,
      ClientAdministrationService,
      DoctorService,
    ],
  };
}
