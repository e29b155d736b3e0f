import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a reader of the quick start does, in order. */
export type Step =
  | { kind: 'run'; command: string }
  | { kind: 'write'; file: string; text: string }
  | { kind: 'edit'; file: string; text: string };

/** The commands, files and edits below `## Quick start`. */
export async function readQuickStart(path: string): Promise<Step[]> {
  const text = await readFile(path, 'utf8');
  const section = /^## Quick start\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text)?.[1] ?? '';
  return [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, language, block = '']): Step[] => {
    const [head = '', ...rest] = block.split('\n');
    switch (language) {
      case 'sh':
        return block
          .trim()
          .split('\n')
          .map((command) => ({ kind: 'run', command }));
      case 'ts':
        return [{ kind: 'write', file: head.replace(/^\/\/ /, ''), text: rest.join('\n') }];
      case 'diff':
        return [{ kind: 'edit', file: head.replace(/^--- /, ''), text: rest.join('\n') }];
      default:
        return [];
    }
  });
}

/** Writes a file, or edits it as the `+` and `-` of a diff say. */
export async function writeStep(folder: string, step: Exclude<Step, { kind: 'run' }>): Promise<void> {
  const path = join(folder, step.file);
  if (step.kind === 'write') return writeFile(path, step.text);
  let source = await readFile(path, 'utf8');
  for (const hunk of step.text.split(/^@@\n/m)) {
    const lines = hunk.replace(/\n$/, '').split('\n');
    const side = (sign: string): string =>
      lines
        .flatMap((line) => (line.startsWith(sign) || line.startsWith(' ') ? [line.slice(1)] : []))
        .join('\n');
    if (!source.includes(side('-'))) throw new Error(`${step.file} has no such lines:\n${side('-')}`);
    source = source.replace(side('-'), () => side('+'));
  }
  await writeFile(path, source);
}
