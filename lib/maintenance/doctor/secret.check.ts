import type { McpAuthConfig } from '../../config/mcp-auth-config.js';
import { SECRET_REMEDY } from '../../config/resolve-secret.js';
import { secretProblem } from '../../config/secret-strength.js';
import type { DoctorCheck } from './doctor-check.js';

type Secrets = Pick<McpAuthConfig, 'oauthSecret' | 'oauthSecretIsConfigured' | 'previousOauthSecrets'>;

/** Whether the secret from which all keys are derived is set and strong. */
export function checkSecret(config: Secrets): DoctorCheck {
  const failure = (problem: string): DoctorCheck => ({
    name: 'secret',
    status: 'failure',
    message: `oauthSecret ${problem}: ${SECRET_REMEDY}`,
  });
  if (!config.oauthSecretIsConfigured) return failure('is not set');
  const problem = secretProblem(config.oauthSecret);
  if (problem) return failure(problem);
  if (config.previousOauthSecrets.some((secret) => secretProblem(secret) !== null)) {
    return {
      name: 'secret',
      status: 'warning',
      message: 'One of previousOauthSecrets is weak: remove it as soon as its tokens have expired',
    };
  }
  return { name: 'secret', status: 'ok', message: 'The secret is set and long enough' };
}
