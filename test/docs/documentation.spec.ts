import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCustomTemplate } from '../../lib/authorization/pages/custom-template.js';
import { EVIDENCE } from './commands.js';
import { compileErrors } from './compile.js';
import { readQuickStart } from '../support/quick-start.js';
import { codeBlocks, documentationFiles, type CodeBlock } from './markdown.js';

const blocks = codeBlocks(documentationFiles());
const inLanguage = (language: string): CodeBlock[] => blocks.filter((block) => block.language === language);
const place = ({ file, line }: CodeBlock): string => `${file}:${line}`;

/** The commands of shell blocks. */
function shellCommands(): { command: string; at: string }[] {
  return inLanguage('sh').flatMap((block) =>
    block.code
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter(Boolean)
      .map((command) => ({ command, at: place(block) })),
  );
}

describe('the code blocks of the documentation', () => {
  it('are in a language that this test can judge', () => {
    const known = ['ts', 'sh', 'json', 'hbs', 'env', 'text', 'diff', 'console'];
    expect(blocks.filter(({ language }) => !known.includes(language)).map(place)).toEqual([]);
    expect(inLanguage('ts').length).toBeGreaterThan(5);
  });

  it('compile, where they are TypeScript', () => {
    expect(compileErrors(inLanguage('ts'))).toEqual([]);
  }, 120_000);

  it('would not compile with an option that does not exist', () => {
    const code =
      "import { McpAuthModule } from 'nestjs-mcp-auth';\nMcpAuthModule.forRoot({ tokenLifetime: 1 });\n";
    const [error = ''] = compileErrors([{ file: 'x.md', line: 10, language: 'ts', code }]);
    expect(error).toMatch(/^x\.md:12 .*'tokenLifetime' does not exist/);
  }, 120_000);

  it('are consent templates that start, where they are Handlebars', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mcp-auth-docs-'));
    try {
      for (const block of inLanguage('hbs')) {
        const path = join(folder, 'consent.hbs');
        writeFileSync(path, block.code);
        expect(() => compileCustomTemplate(path)).not.toThrow();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('parse, where they are JSON', () => {
    for (const { code } of inLanguage('json')) expect(() => JSON.parse(code) as unknown).not.toThrow();
  });

  it('are edits of the quick start, where they are diffs: the test of a fresh application makes them', async () => {
    const edits = (await readQuickStart('README.md')).filter(({ kind }) => kind === 'edit');
    expect(inLanguage('diff').map(({ file }) => file)).toEqual(edits.map(() => 'README.md'));
    const follower = readFileSync('test/consumers/fresh-application.e2e-spec.ts', 'utf8');
    expect(follower).toContain("DOCUMENT = 'README.md'");
  });

  it('are commands that a test or CI runs, where they are shell', async () => {
    const followed = (await readQuickStart('README.md')).map((step) =>
      step.kind === 'run' ? step.command : '',
    );
    const unproven = shellCommands().filter(({ command, at }) => {
      if (at.startsWith('README.md') && followed.includes(command)) return false;
      const evidence = EVIDENCE.find(({ pattern }) => pattern.test(command));
      return !evidence || !readFileSync(evidence.file, 'utf8').includes(evidence.text);
    });
    expect(unproven).toEqual([]);
  });

  it('shows the claims of a token without verifying it', () => {
    const command = shellCommands().find(({ command }) => command.startsWith('node -p'))?.command ?? '';
    const script = /^node -p "(.*)" <token>$/.exec(command)?.[1] ?? '';
    const payload = Buffer.from('{"sub":"ålice"}').toString('base64url');
    const shown = execFileSync(process.execPath, ['-p', script, `e30.${payload}.signature`], {
      encoding: 'utf8',
    });
    expect(shown).toContain("sub: 'ålice'");
  });
});

describe('links of the documentation', () => {
  it('lead to files and headings that exist', () => {
    const anchor = (heading: string): string =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .trim()
        .replaceAll(' ', '-');
    const broken = documentationFiles().flatMap((file) => {
      const text = readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
      return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
        .filter(([, target = '', fragment]) => {
          const path = target === '' ? file : join(file, '..', target);
          try {
            const content = readFileSync(path, 'utf8');
            const headings = [...content.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading));
            return fragment !== undefined && !headings.includes(fragment);
          } catch {
            return true;
          }
        })
        .map(([link]) => `${file}: ${link}`);
    });
    expect(broken).toEqual([]);
  });
});

describe('the options', () => {
  it('are all in the documentation, with what they are by default', () => {
    const source = readFileSync('lib/config/mcp-auth-options.ts', 'utf8');
    const body = /export interface McpAuthOptions \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? '';
    const names = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name = '']) => name);
    const documented = readFileSync('docs/options.md', 'utf8');
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !documented.includes(`| \`${name}\``))).toEqual([]);
  });
});
