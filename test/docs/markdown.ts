import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced code block of the documentation. */
export interface CodeBlock {
  file: string;
  /** Of the opening fence, from 1. */
  line: number;
  language: string;
  code: string;
}

/** README, docs/ and the other pages of this repository that people read. */
export function documentationFiles(): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => join(folder, name).replaceAll('\\', '/'));
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...inFolder('docs'), ...inFolder('sample')];
}

export function codeBlocks(files: readonly string[]): CodeBlock[] {
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return [...text.matchAll(/^( *)```([^\n]*)\n([\s\S]*?)^ *```$/gm)].map((match) => {
      const [, indent = '', language = '', code = ''] = match;
      return {
        file,
        line: text.slice(0, match.index).split('\n').length,
        language: language.trim(),
        code: indent === '' ? code : code.replace(new RegExp(`^${indent}`, 'gm'), ''),
      };
    });
  });
}
