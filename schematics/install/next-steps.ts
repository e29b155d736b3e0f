import type { Tree } from '@angular-devkit/schematics';
import type { DatabaseKind } from '../support/dependencies.js';
import { COLLECTION, readNestCli } from '../support/project.js';

interface Installed {
  optionsFile: string;
  migrationsFolder: string;
  /** Whose connection was set up; null when the application has one of its own. */
  db: DatabaseKind | null;
}

/** What the reader does now. */
export function nextSteps(tree: Tree, { optionsFile, migrationsFolder, db }: Installed): string {
  const generate =
    readNestCli(tree).collection === COLLECTION
      ? 'npx nest g mcp-auth:mcp-controller notes'
      : 'npx nest g -c nestjs-mcp-auth mcp-controller notes';
  const steps = [
    `Connect your login in ${optionsFile.slice(1)}: currentUser and loginUrl.`,
    `Generate a protected controller with a test: ${generate}`,
    ...(db === null
      ? [
          `Run the migration in ${migrationsFolder.slice(1)}, unless your DataSource does at start (migrationsRun).`,
        ]
      : []),
    ...(db === 'postgres' || db === 'mariadb' ? ['Set DATABASE_URL to your database.'] : []),
    'In production set MCP_SERVER_URL and MCP_HMAC_SECRET, as .env.example says, and deploy views/ beside dist/.',
  ];
  return [
    'MCP authorization is installed.',
    ...(db === 'sqlite'
      ? ['The application had no TypeOrmModule; it has one now, with SQLite in .data/.']
      : []),
    'Next:',
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
  ].join('\n');
}
