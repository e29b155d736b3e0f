import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInstance,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
  validateSync,
  type ValidationError,
} from 'class-validator';
import { McpAuthConfigurationError } from './configuration.error.js';
import type { McpAuthOptions } from './mcp-auth-options.js';
import { RATE_LIMITED_ENDPOINTS } from './rate-limit-options.js';

const IsFunction = (): PropertyDecorator => IsInstance(Function, { message: '$property must be a function' });
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const PATH = /^(\/[^/?#\s]+)+$/;

class ScopeValidator {
  @Matches(SCOPE_TOKEN, {
    message: 'key must be a scope token: printable ASCII without space, " and \\ (RFC 6749, section 3.3)',
  })
  key!: string;
  @IsString() @MinLength(1) name!: string;
  @IsOptional() @IsString() description?: string;
  @IsOptional() @IsBoolean() required?: boolean;
  @IsOptional() @IsArray() @IsString({ each: true }) implies?: string[];
}

class ClientValidator {
  @IsString() @MinLength(1) @MaxLength(2000) clientId!: string;
  @IsOptional()
  @MinLength(32, {
    message: 'clientSecret must have at least 32 characters; generate one with `openssl rand -base64 32`',
  })
  clientSecret?: string;
  @IsOptional() @IsString() clientName?: string;
  @IsOptional() @IsString() clientUri?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) redirectUris?: string[];
  @IsOptional()
  @IsArray()
  @IsIn(['authorization_code', 'refresh_token'], { each: true })
  grantTypes?: string[];
  @IsOptional() @IsString() scope?: string;
  @IsOptional() @IsBoolean() allowIntrospection?: boolean;
}

class PublicKeyValidator {
  @IsString() key!: string;
  @IsOptional() @IsString() kid?: string;
}

class CleanupValidator {
  @IsOptional() @IsBoolean() enabled?: boolean;
  @IsOptional() @IsString() cron?: string;
  @IsOptional() @IsInt() @Min(1) @Max(100_000) batchSize?: number;
  @IsOptional() @IsInt() @Min(3600) unusedClientLifetime?: number;
}

class RateLimitValidator {
  @IsOptional() @IsInt() @Min(1) perClient?: number;
  @IsOptional() @IsInt() @Min(1) perAddress?: number;
}

class RateLimitsValidator {
  @IsOptional() @IsBoolean() enabled?: boolean;
  @IsOptional() @IsObject() storage?: object;
  @IsOptional() @ValidateNested() authorize?: RateLimitValidator;
  @IsOptional() @ValidateNested() approve?: RateLimitValidator;
  @IsOptional() @ValidateNested() token?: RateLimitValidator;
  @IsOptional() @ValidateNested() register?: RateLimitValidator;
  @IsOptional() @ValidateNested() revoke?: RateLimitValidator;
  @IsOptional() @ValidateNested() introspect?: RateLimitValidator;
}

class OptionsValidator {
  @IsOptional() @IsString() serverUrl?: string;
  @IsOptional() @IsString() oauthSecret?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) previousOauthSecrets?: string[];
  @IsOptional() @IsString() authorizationServerUrl?: string;
  @IsOptional()
  @Matches(PATH, {
    message: "mcpServerPath must look like '/mcp/api': a leading slash, no trailing one, no query",
  })
  mcpServerPath?: string;
  @IsOptional() @IsString() mcpDocsUrl?: string;
  @IsOptional() @IsString() @MaxLength(200) mcpServerName?: string;

  @IsOptional() @IsInt() @Min(10) @Max(86_400) accessTokenLifetime?: number;
  @IsOptional() @IsInt() @Min(60) refreshTokenLifetime?: number;
  @IsOptional() @IsInt() @Min(10) @Max(3600) authorizationCodeLifetime?: number;
  @IsOptional() @IsNumber() @Min(0) @Max(60) refreshTokenReuseGracePeriod?: number;

  @IsOptional() @IsFunction() currentUser?: unknown;
  @IsOptional() @IsFunction() currentOrg?: unknown;
  @IsOptional() @IsFunction() loginUrl?: unknown;
  @IsOptional() @IsFunction() fetchUserData?: unknown;
  @IsOptional() @IsFunction() validateScopeForUser?: unknown;

  @IsOptional()
  @IsArray()
  @ArrayNotEmpty({ message: 'scopes must list at least one scope; leave it out for mcp:read and mcp:write' })
  @ValidateNested({ each: true })
  scopes?: ScopeValidator[];
  @IsOptional() @IsBoolean() openIdConnect?: boolean;

  @IsOptional() @IsIn(['HS256', 'RS256', 'ES256']) tokenSigningAlgorithm?: string;
  @IsOptional() @IsString() tokenSigningPrivateKey?: string;
  @IsOptional() @IsString() tokenSigningPublicKey?: string;
  @IsOptional() @IsString() tokenSigningKid?: string;
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  tokenSigningAdditionalPublicKeys?: PublicKeyValidator[];

  @IsOptional() @IsBoolean() dynamicClientRegistration?: boolean;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) clients?: ClientValidator[];
  @IsOptional()
  @ArrayNotEmpty({ message: 'tokenEndpointAuthMethods must list at least one method; leave it out for all' })
  @IsIn(['none', 'client_secret_basic', 'client_secret_post'], { each: true })
  tokenEndpointAuthMethods?: string[];

  @IsOptional() @IsBoolean() useCustomConsentView?: boolean;
  @IsOptional() @IsString() consentViewPath?: string;

  @IsOptional() @IsBoolean() tlsTerminatedByProxy?: boolean;
  @IsOptional()
  @Matches(PATH, { message: "strippedPathPrefix must look like '/tenant': a leading slash, no trailing one" })
  strippedPathPrefix?: string;
  @IsOptional() @IsBoolean() production?: boolean;

  @IsOptional() @ValidateNested() rateLimits?: RateLimitsValidator;

  @IsOptional() @IsIn(['polled', 'strict']) revocation?: string;
  @IsOptional() @IsNumber() @Min(0.05) @Max(60) revocationPollInterval?: number;
  @IsOptional() @IsNumber() @Min(1) @Max(600) revocationMaxStaleness?: number;

  @IsOptional() @ValidateNested() cleanup?: CleanupValidator;
  @IsOptional() @IsFunction() onAuditEvent?: unknown;
}

/** ValidateNested looks at instances: plain members become instances of their validator. */
function instance<T extends object>(type: new () => T, value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.assign(new type(), value) : value;
}

function instances<T extends object>(type: new () => T, values: unknown): unknown {
  return Array.isArray(values) ? values.map((value: unknown) => instance(type, value)) : values;
}

function rateLimits(options: McpAuthOptions['rateLimits']): unknown {
  if (typeof options !== 'object' || options === null) return options;
  const limits = RATE_LIMITED_ENDPOINTS.filter((endpoint) => endpoint in options).map(
    (endpoint) => [endpoint, instance(RateLimitValidator, options[endpoint])] as const,
  );
  return instance(RateLimitsValidator, { ...options, ...Object.fromEntries(limits) });
}

function describe(error: ValidationError, path = ''): string[] {
  const option = `${path}${error.property}`;
  return [
    ...Object.entries(error.constraints ?? {}).map(([constraint, message]) =>
      constraint === 'whitelistValidation'
        ? `${option} is not an option of McpAuthModule; check its spelling`
        : message.replace(error.property, option),
    ),
    ...(error.children ?? []).flatMap((child) => describe(child, `${option}.`)),
  ];
}

/** Checks the shape of every option. @throws {McpAuthConfigurationError} listing all problems at once */
export function validateOptionShapes(options: McpAuthOptions): void {
  const candidate = Object.assign(new OptionsValidator(), {
    ...options,
    scopes: instances(ScopeValidator, options.scopes),
    clients: instances(ClientValidator, options.clients),
    tokenSigningAdditionalPublicKeys: instances(
      PublicKeyValidator,
      options.tokenSigningAdditionalPublicKeys?.map((key) => (typeof key === 'string' ? { key } : key)),
    ),
    rateLimits: rateLimits(options.rateLimits),
    cleanup: instance(CleanupValidator, options.cleanup),
  });
  const errors = validateSync(candidate, {
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) throw new McpAuthConfigurationError(errors.flatMap((error) => describe(error)));
}
