import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ts from 'typescript';
import { addToModule } from './module-decorator.js';

const NEW = { expression: 'New.forRoot({\n  a: 1,\n})', imports: [{ name: 'New', from: 'new' }] };
const SHORT = { expression: 'Short', imports: [{ name: 'Short', from: './short' }] };

const withImport = (source: string): string | null => addToModule(source, 'imports', [NEW]);
const withController = (source: string): string | null => addToModule(source, 'controllers', [SHORT]);

describe('the edit of a module', () => {
  it('adds to an empty list', () => {
    expect(withImport("import { A } from 'a';\n\n@Module({\n  imports: [],\n})\nexport class M {}\n")).toBe(
      "import { A } from 'a';\nimport { New } from 'new';\n\n@Module({\n  imports: [\n    New.forRoot({\n      a: 1,\n    }),\n  ],\n})\nexport class M {}\n",
    );
  });

  it('breaks a line that gets too long, and only such a line', () => {
    const source = '@Module({\n  controllers: [First, Second],\n})\nclass M {}\n';
    expect(withController(source)).toContain('\n  controllers: [First, Second, Short],\n');
    const long = source.replace('Second', `Second${'x'.repeat(52)}`);
    expect(withController(long)).toContain(
      `\n  controllers: [\n    First,\n    Second${'x'.repeat(52)},\n    Short,\n  ],\n`,
    );
  });

  it('adds to a list over several lines, behind its last element and before no comment of it', () => {
    expect(
      withController(
        '@Module({\n  controllers: [\n    A, // the first\n    B // the last\n  ],\n})\nclass M {}\n',
      ),
    ).toContain('\n  controllers: [\n    A, // the first\n    B, // the last\n    Short,\n  ],\n');
  });

  it('writes a list that is not there', () => {
    expect(withImport('@Module({\n  providers: [X],\n})\nclass M {}\n')).toContain(
      '@Module({\n  imports: [\n    New.forRoot({\n      a: 1,\n    }),\n  ],\n  providers: [X],\n})',
    );
    expect(withController('@Module({\n  imports: [A],\n  providers: [X],\n})\nclass M {}\n')).toContain(
      '@Module({\n  imports: [A],\n  controllers: [Short],\n  providers: [X],\n})',
    );
    expect(withController('@Module({})\nclass M {}\n')).toContain('@Module({\n  controllers: [Short],\n})');
  });

  it('writes a module on one line under one another', () => {
    expect(withImport('@Module({ imports: [...shared, A], providers: [X, Y] })\nclass M {}\n')).toContain(
      '@Module({\n  imports: [\n    ...shared,\n    A,\n    New.forRoot({\n      a: 1,\n    }),\n  ],\n  providers: [X, Y],\n})',
    );
  });

  it('keeps line ends, tabs, quotes, missing semicolons and a byte order mark', () => {
    const source =
      '\uFEFFimport { A } from "a"\r\n\r\n@Module({\r\n\timports: [\r\n\t\tA.forRootAsync({\r\n\t\t\tuseFactory: () => ({}),\r\n\t\t})\r\n\t],\r\n})\r\nexport class M {}\r\n';
    expect(withImport(source)).toBe(
      '\uFEFFimport { A } from "a"\r\nimport { New } from "new"\r\n\r\n@Module({\r\n\timports: [\r\n\t\tA.forRootAsync({\r\n\t\t\tuseFactory: () => ({}),\r\n\t\t}),\r\n\t\tNew.forRoot({\r\n\t\t\ta: 1,\r\n\t\t}),\r\n\t],\r\n})\r\nexport class M {}\r\n',
    );
  });

  it('is not misled by brackets in texts and comments, or by lists of something inside', () => {
    const source =
      "@Module({\n  // imports: [\n  imports: [A.with(']', `${[1]}]`, /]/), /* ] */ B],\n  providers: [{ imports: [X] }],\n})\nclass M {}\n";
    expect(withController(source)).toContain(
      "\n  imports: [A.with(']', `${[1]}]`, /]/), /* ] */ B],\n  controllers: [Short],\n",
    );
    expect(withImport(source)).toContain('    /* ] */ B,\n    New.forRoot({\n');
  });

  it('imports what is not imported yet, behind imports of every kind', () => {
    const head =
      "// A license.\nimport 'reflect-metadata';\nimport {\n  A,\n  Short,\n} from 'a'; // all of it\nimport B = require('b');\nimport C from 'c' with { type: 'json' };\n";
    const edited = withImport(`${head}\n@Module({})\nclass M {}\n`);
    expect(edited?.startsWith(`${head}import { New } from 'new';\n\n@Module`)).toBe(true);
    expect(withController(`${head}\n@Module({})\nclass M {}\n`)?.startsWith(`${head}\n@Module`)).toBe(true);
    expect(withController('// A license.\n@Module({})\nclass M {}\n')).toContain(
      "// A license.\nimport { Short } from './short';\n\n@Module",
    );
  });

  it('takes the module of that class where a file has several', () => {
    const source =
      '@Module({ imports: [A] })\nclass One {}\n\n@Global()\n@Module({\n  imports: [B],\n})\n@Other()\nexport class Two {}\n';
    expect(addToModule(source, 'controllers', [SHORT], 'Two')).toContain(
      'imports: [B],\n  controllers: [Short],\n',
    );
    expect(addToModule(source, 'controllers', [SHORT], 'Three')).toBeNull();
  });

  it.each([
    ['no module', 'class A {}'],
    ['metadata from elsewhere', '@Module(metadata) class A {}'],
    ['a list from elsewhere', '@Module({ imports: all }) class A {}'],
    ['a shorthand', '@Module({ imports }) class A {}'],
    ['a spread that may hold a list', '@Module({ ...base }) class A {}'],
    ['a quoted name', "@Module({ 'imports': [A] }) class A {}"],
    ['an element of a list', '@Module({ imports: [A][0] }) class A {}'],
    ['metadata with a type', '@Module({ imports: [] } as Metadata) class A {}'],
    ['brackets that do not close', '@Module({ imports: [A'],
  ])('gives up on %s', (_, source) => {
    expect(withImport(source)).toBeNull();
  });
});

/** The elements of `imports`, as the compiler reads them; also that it can. */
function parsedImports(source: string): string[] {
  const file = ts.createSourceFile('app.module.ts', source, ts.ScriptTarget.Latest, true);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: unknown[] };
  expect(parseDiagnostics).toEqual([]);
  const elements: string[] = [];
  const visit = (node: ts.Node, isInside: boolean): void => {
    if (!isInside && ts.isPropertyAssignment(node) && node.name.getText() === 'imports') {
      const list = node.initializer as ts.ArrayLiteralExpression;
      elements.push(...list.elements.map((element) => element.getText()));
      return;
    }
    ts.forEachChild(node, (child) => visit(child, isInside || ts.isArrayLiteralExpression(node)));
  };
  visit(file, false);
  return elements;
}

describe('the edit of any module', () => {
  const element = fc.constantFrom(
    'A',
    '...shared',
    "B.register({ url: 'https://x/]}', list: [1, 2] })",
    'C.forRoot(`a ${[`}`].length} b`)',
    'D.match(/[\\]}"]/g)',
    'forwardRef(() => E)',
    'F.forRootAsync({\n      imports: [G],\n      useFactory: () => ({ a: 1 }),\n    })',
  );
  const gap = fc.constantFrom('', ' ', ' /* ], } */ ', '\n    ', "\n    // don't: imports: [\n    ");
  const list = fc
    .tuple(fc.array(fc.tuple(gap, element, gap)), fc.boolean(), gap)
    .map(([elements, trailing, end]) => ({
      text: `[${elements.map(([before, text, after]) => before + text + after).join(',')}${trailing && elements.length > 0 ? ',' : ''}${end}]`,
      elements: elements.map(([, text]) => text),
    }));
  const others = fc.constantFrom(
    '',
    'providers: [{ provide: X, useValue: { imports: [1] } }],',
    'controllers: [H], exports: []',
  );

  it('keeps every element, adds the new one last, and leaves a file that compiles', () => {
    fc.assert(
      fc.property(
        list,
        others,
        fc.boolean(),
        fc.boolean(),
        ({ text, elements }, more, isFirst, isWindows) => {
          const members = isFirst
            ? `imports: ${text}, ${more}`
            : `${more.replace(/,?$/, more && ',')} imports: ${text}`;
          const lf = `import { A } from 'a';\n\n@Module({ ${members} })\nexport class AppModule {}\n`;
          const source = isWindows ? lf.replaceAll('\n', '\r\n') : lf;
          const edited = withImport(source) ?? '';
          const squeeze = (code: string): string => code.replace(/\s+/g, ' ');
          expect(parsedImports(edited).map(squeeze)).toEqual([...elements, NEW.expression].map(squeeze));
          expect(/[^\r]\n/.test(edited) && /\r\n/.test(edited)).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
