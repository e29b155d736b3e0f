import { resolve } from 'node:path';
import ts from 'typescript';
import type { CodeBlock } from './markdown.js';

/** What the documentation imports by name is the source beside it. */
const PATHS = {
  'nestjs-mcp-auth': ['./lib/index.ts'],
  'nestjs-mcp-auth/testing': ['./lib/testing/index.ts'],
};

/**
 * Type checks TypeScript blocks, each as a module of its own in an application that has this package. Answers one line per
 * error.
 */
export function compileErrors(blocks: readonly CodeBlock[]): string[] {
  const configFile = resolve('tsconfig.json');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configFile, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    resolve('.'),
  );
  const settings: ts.CompilerOptions = {
    ...options,
    paths: PATHS,
    noEmit: true,
    // An example need not use what it shows.
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const sources = new Map(
    blocks.map((block, index) => [resolve(`.documentation-block-${index}.ts`), block] as const),
  );
  const host = ts.createCompilerHost(settings);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists.call(host, path);
  host.readFile = (path) => sources.get(path)?.code ?? readFile.call(host, path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const block = sources.get(path);
    return block
      ? // `export {}` makes it a module even where it imports nothing.
        ts.createSourceFile(path, `${block.code}\nexport {};\n`, languageVersion)
      : getSourceFile.call(host, path, languageVersion, ...rest);
  };
  const program = ts.createProgram([...sources.keys()], settings, host);
  return [...sources].flatMap(([path, block]) => {
    const file = program.getSourceFile(path);
    if (!file) return [`${block.file}:${block.line} was not compiled`];
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ start = 0, messageText }) => {
        const line = block.line + 1 + file.getLineAndCharacterOfPosition(start).line;
        return `${block.file}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      },
    );
  });
}
