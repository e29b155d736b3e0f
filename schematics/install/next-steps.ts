import type { DatabaseKind } from '../support/dependencies.js';

/** @param db whose connection was set up; null when the application has one of its own */
export function nextSteps(optionsFile: string, db: DatabaseKind | null): string {
  const steps = [
    `Connect your login in ${optionsFile.slice(1)}: currentUser and loginUrl.`,
    'Generate a protected controller with a test: nest g mcp-auth:mcp-controller notes',
    ...(db !== null && db !== 'sqlite' ? ['Set DATABASE_URL to your database.'] : []),
    'In production set MCP_SERVER_URL and MCP_HMAC_SECRET, as .env.example says, and deploy views/ beside dist/.',
  ];
  const database =
    db === 'sqlite' ? [`The application had no TypeOrmModule; it has one now, with SQLite in .data/.`] : [];
  return [
    'MCP authorization is installed.',
    ...database,
    'Next:',
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
  ].join('\n');
}
