import { describe, expect, it } from '@jest/globals';
import { addModuleImports } from './app-module.js';

describe('the edit of AppModule', () => {
  const addition = { name: 'New', statements: ["import { New } from 'new';"], expression: 'New.forRoot()' };
  const edited = (source: string): string | null => addModuleImports(source, [addition]);

  it('adds to imports on one line, on several, to none, and to an empty module', () => {
    expect(edited('@Module({ imports: [A, B] })')).toMatch(/imports: \[\s+A, B,\s+New\.forRoot\(\),\s+\]/);
    expect(edited('@Module({\n  imports: [\n    A,\n    B,\n  ],\n})')).toMatch(
      /A,\s+B,\s+New\.forRoot\(\),\s+\],/,
    );
    expect(edited('@Module({ providers: [X] })')).toMatch(
      /imports: \[\s+New\.forRoot\(\),\s+\], providers: \[X\]/,
    );
    expect(edited('@Module({})')).toMatch(/\{\s+imports: \[\s+New\.forRoot\(\),\s+\],\}/);
  });

  it('is not misled by brackets in strings and comments, or by imports of something inside', () => {
    expect(edited("@Module({\n  // imports: [\n  imports: [A.with(']'), /* ] */ B],\n})")).toMatch(
      /\/\/ imports: \[\n {2}imports: \[\s+A\.with\('\]'\), \/\* \] \*\/ B,\s+New\.forRoot\(\),\s+\],\n\}/,
    );
    expect(edited("@Module({ imports: [A.with(']'), /* ] */ B] })")).toMatch(/B,\s+New\.forRoot\(\)/);
    expect(edited('@Module({ providers: [{ imports: [X] }] })')).toMatch(
      /@Module\(\{\s+imports: \[\s+New\.forRoot\(\),\s+\], providers: \[\{ imports: \[X\] \}\]/,
    );
  });

  it('gives up on what it cannot read', () => {
    expect(edited('class A {}')).toBeNull();
    expect(edited('@Module({}) class A {}\n@Module({}) class B {}')).toBeNull();
    expect(edited('@Module({ imports: all })')).toBeNull();
    expect(edited('@Module({ imports: [A')).toBeNull();
  });
});
