import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stripVTControlCharacters } from 'node:util';
import { freePort } from '../support/app.js';
import { testDatabases } from '../support/databases.js';
import { CommandsBesideApplication, type CommandResult } from '../commands/support/command-line.js';
import { storeGrant } from '../commands/support/grants.js';
import { codeBlocks } from './markdown.js';

const DAY = 86_400_000;
const FILE = 'docs/commands.md';

interface Example {
  command: string;
  output: string[];
}

/** What is typed after `$ `, and what the page shows below it. */
function examples(): Example[] {
  const consoles = codeBlocks([FILE]).filter(({ language }) => language === 'console');
  return consoles.flatMap(({ code }) =>
    code
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...output] = text.trimEnd().split('\n');
        return { command, output: output.filter((line) => line.trim() !== '') };
      }),
  );
}

/** The line without what differs from run to run: ids, keys, instants, numbers and the width of columns. */
function skeleton(line: string): string {
  return line
    .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, '<id>')
    .replace(/[\w+/-]{40,}={0,2}/g, '<random>')
    .replace(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, '<instant>')
    .replace(/\d+(\.\d+)?/g, '<number>')
    .replace(/behind|ahead of/, '<side>')
    .replace(/\s+/g, ' ')
    .trim();
}

describe(`the examples of ${FILE}`, () => {
  let commands: CommandsBesideApplication;

  beforeAll(async () => {
    commands = await CommandsBesideApplication.create(testDatabases()[0]!);
    const { dataSource } = commands.server;
    for (let count = 0; count < 1200; count++)
      await storeGrant(dataSource, { codeExpiresAt: Date.now() - 3 * DAY });
    for (let count = 0; count < 3; count++) await storeGrant(dataSource, { codeExpiresAt: Date.now() + DAY });
    const desktop = [
      'clients',
      'create',
      '--public',
      '--name',
      'Desktop',
      '--redirect-uri',
      'http://localhost/',
    ];
    await commands.run(desktop);
  });
  afterAll(() => commands.close());

  async function run({ command, output }: Example): Promise<CommandResult> {
    const argv = [...command.replace(/; echo \$\?$/, '').matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );
    const files: Record<string, string> = {
      'src/data-source': 'data-source.mjs',
      'src/mcp-auth.options': 'options.mjs',
    };
    expect(argv.splice(0, 2)).toEqual(['npx', 'mcp-auth']);
    const typed = /\[y\/N\] (.*)$/m.exec(output.join('\n'))?.[1];
    return commands.line.run(
      argv.map((argument) => files[argument] ?? argument),
      { env: { PORT: String(await freePort()) }, ...(typed !== undefined && { typed: `${typed}\n` }) },
    );
  }

  it.each(examples().map((example) => [example.command, example] as const))('%s', async (_, example) => {
    const { code, stdout, stderr } = await run(example);
    const shown = [...example.output];
    const printed = stripVTControlCharacters(`${stderr}\n${stdout}`).split('\n').map(skeleton);
    if (example.command.endsWith('echo $?')) expect(String(code)).toBe(shown.pop());
    else expect(code).toBe(shown.some((line) => line.startsWith('error:')) ? 1 : 0);
    const answered = shown.map((line) => line.replace(/(\[y\/N\]) .*/, '$1')).map(skeleton);
    // A question ends without a line's end.
    const isPrinted = (line: string): boolean =>
      printed.some((actual) => actual === line || (line.endsWith('[y/N]') && actual.startsWith(line)));
    expect(answered.filter((line) => !isPrinted(line))).toEqual([]);
  });

  it('were found', () => {
    expect(examples().length).toBeGreaterThan(8);
  });
});
