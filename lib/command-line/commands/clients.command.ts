import { InvalidArgumentError, Option, type Command } from 'commander';
import { OAuthError } from '../../http/oauth-error.js';
import type { ClientChange, ClientSummary } from '../../maintenance/client-administration.service.js';
import { CommandFailure } from '../command-failure.js';
import { perform, withDatabaseOptions, type CommandGroup } from '../command-group.js';
import { confirm } from '../output/confirm.js';
import { counted, table } from '../output/table.js';
import { withTables, type DatabaseOptions } from '../session.js';
import { writeJson, writeLine, type Output, type Terminal } from '../terminal.js';

type JsonOption = DatabaseOptions & { json?: boolean };

export function addClients({ parent, terminal }: CommandGroup): void {
  const clients = parent.command('clients').description('List, create and remove OAuth clients');
  addList(clients, terminal);
  addShow(clients, terminal);
  addCreate(clients, terminal);
  addRotation(clients, terminal);
  addDeletion(clients, terminal);
}

function addList(clients: Command, terminal: Terminal): void {
  const command = withDatabaseOptions(clients.command('list'))
    .description('List registered clients, oldest first')
    .option('--limit <count>', 'at most so many', wholeNumber, 50)
    .option('--offset <count>', 'after so many', wholeNumber, 0)
    .option('--json', 'as JSON');
  perform(command, (options: JsonOption & { limit: number; offset: number }) =>
    withTables(terminal, options, async ({ services }) => {
      const { stdout } = terminal;
      const { limit, offset } = options;
      const found = await services.clients.list({ limit, offset });
      if (options.json) return writeJson(stdout, found);
      const rows = found.clients.map((client) => [
        client.client_id,
        client.token_endpoint_auth_method,
        client.registered_by,
        dateOf(client),
        client.client_name,
      ]);
      if (rows.length > 0) {
        const headers = ['Client', 'Authentication', 'Registered by', 'On', 'Name'];
        for (const line of table(headers, rows)) writeLine(stdout, line);
      }
      writeLine(stdout, `${rows.length} of ${counted(found.total, 'client')}`);
    }),
  );
}

function addShow(clients: Command, terminal: Terminal): void {
  const command = withDatabaseOptions(clients.command('show'))
    .description('Show a client')
    .argument('<id>', 'its client_id')
    .option('--json', 'as JSON');
  perform(command, (id: string, options: JsonOption) =>
    withTables(terminal, options, async ({ services }) => {
      const client = await services.clients.show(id);
      if (!client) throw unchanged(services.clients.isInOptions(id) ? 'in_options' : 'unknown', id);
      if (options.json) return writeJson(terminal.stdout, client);
      writeMembers(terminal.stdout, client);
    }),
  );
}

interface CreateOptions extends JsonOption {
  name: string;
  redirectUri: string[];
  public?: boolean;
  authMethod?: string;
  scope?: string;
  uri?: string;
  allowIntrospection?: boolean;
}

function addCreate(clients: Command, terminal: Terminal): void {
  const command = withDatabaseOptions(clients.command('create'))
    .description('Register a client; a confidential one unless --public')
    .requiredOption('--name <name>', 'shown on the consent page')
    .option('--redirect-uri <uri>', 'where the browser is sent back to; may be repeated', collect, [])
    .option('--public', 'without a secret: an application on the device of its user')
    .addOption(
      new Option(
        '--auth-method <method>',
        'how a confidential client sends its secret (default: client_secret_basic)',
      )
        .choices(['client_secret_basic', 'client_secret_post'])
        .conflicts('public'),
    )
    .option('--scope <scope>', 'space-separated: the most that it may be granted (default: every scope)')
    .option('--allow-introspection', 'may introspect tokens of other clients: for resource servers')
    .option('--uri <url>', 'its home page')
    .option('--json', 'as JSON');
  perform(command, (options: CreateOptions) =>
    withTables(terminal, options, async ({ services, hasOptions }) => {
      const method = options.public ? 'none' : options.authMethod;
      const created = await services.clients
        .create(
          {
            clientName: options.name,
            redirectUris: options.redirectUri,
            ...(method !== undefined && { tokenEndpointAuthMethod: method }),
            ...(options.scope !== undefined && { scope: options.scope }),
            ...(options.uri !== undefined && { clientUri: options.uri }),
            allowIntrospection: options.allowIntrospection ?? false,
          },
          { knowsScopes: hasOptions },
        )
        .catch((error: unknown) => {
          throw error instanceof OAuthError ? new CommandFailure(error.description, 2) : error;
        });
      if (options.json) return writeJson(terminal.stdout, created);
      writeMembers(terminal.stdout, created);
      if (created.client_secret !== undefined) {
        writeLine(terminal.stderr, 'The secret is shown this once, and only its digest is stored.');
      }
    }),
  );
}

function addRotation(clients: Command, terminal: Terminal): void {
  const command = withDatabaseOptions(clients.command('rotate-secret'))
    .description('Give a confidential client a new secret; the former one is refused at once')
    .argument('<id>', 'its client_id')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'as JSON');
  perform(command, (id: string, options: JsonOption & { yes?: boolean }) =>
    withTables(terminal, options, async ({ services }) => {
      const client = await services.clients.show(id);
      if (client && client.token_endpoint_auth_method !== 'none') {
        await confirm(terminal, `Replace the secret of '${client.client_name}' (${id})?`, options.yes);
      }
      const rotated = await services.clients.rotateSecret(id);
      if (typeof rotated === 'string') throw unchanged(rotated, id);
      if (options.json) return writeJson(terminal.stdout, { client_id: id, client_secret: rotated.secret });
      writeMembers(terminal.stdout, { client_id: id, client_secret: rotated.secret });
      writeLine(terminal.stderr, 'The secret is shown this once, and only its digest is stored.');
    }),
  );
}

function addDeletion(clients: Command, terminal: Terminal): void {
  const command = withDatabaseOptions(clients.command('delete'))
    .description('Revoke everything of a client, then delete it')
    .argument('<id>', 'its client_id')
    .option('-y, --yes', 'do not ask');
  perform(command, (id: string, options: DatabaseOptions & { yes?: boolean }) =>
    withTables(terminal, options, async ({ services }) => {
      const client = await services.clients.show(id);
      if (client) {
        const question = `Delete '${client.client_name}' (${id}) and revoke ${counted(client.grants, 'grant')}?`;
        await confirm(terminal, question, options.yes);
      }
      const deleted = await services.clients.delete(id);
      if (typeof deleted === 'string') throw unchanged(deleted, id);
      writeLine(
        terminal.stdout,
        `  - Revoked ${counted(deleted.revokedGrants, 'grant')} with all codes and tokens`,
      );
      writeLine(terminal.stdout, `Deleted client ${id}. Cleanup removes the rows of its grants.`);
    }),
  );
}

function unchanged(reason: Extract<ClientChange<never>, string>, id: string): CommandFailure {
  return new CommandFailure(
    {
      unknown: `There is no client '${id}'.`,
      public: `Client '${id}' is public: it has no secret.`,
      in_options: `Client '${id}' is in the clients option of McpAuthModule: see and change it there.`,
    }[reason],
  );
}

/** One member a line, lists as several. */
function writeMembers(output: Output, members: object): void {
  const rows = Object.entries(members).flatMap(([name, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).map((item, index) => [
      index === 0 ? name : '',
      readable(name, item),
    ]),
  );
  const width = Math.max(...rows.map(([name = '']) => name.length));
  for (const [name = '', value = ''] of rows) writeLine(output, `${name.padEnd(width)}  ${value}`);
}

function readable(name: string, value: unknown): string {
  if (name === 'client_id_issued_at') return new Date(Number(value) * 1000).toISOString();
  return String(value ?? '-');
}

function dateOf({ client_id_issued_at }: ClientSummary): string {
  return new Date(client_id_issued_at * 1000).toISOString().slice(0, 10);
}

function collect(value: string, former: string[]): string[] {
  return [...former, value];
}

function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(value);
}
