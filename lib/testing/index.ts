export { McpAuthTester, type TestTokens } from './mcp-auth-tester.js';
export type { TestTokenOptions } from './token-mint.js';
export type { TestIdentity } from './test-identity.js';

export { withPrincipal, type ProviderOverride, type ProviderOverrider } from './with-principal.js';
export { McpAuthTestingModule, type ControllerTestOptions } from './mcp-auth-testing.module.js';
export type { TestPrincipal } from './test-principal.js';

export type { AuthorizeOptions } from './authorization-flow.js';
export {
  AuthorizationFlowError,
  type AuthorizationStep,
  type FailedAnswer,
} from './authorization-flow.error.js';
export type { AuthorizationRefusal } from './authorization-response.js';
export { TestBrowser, type FormFields } from './test-browser.js';
export type { TestClient } from './test-client.js';
export type { TestRequest } from './http-request.js';
export { TestSession } from './test-session.js';
