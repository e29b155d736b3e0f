/** Nest 12 is ESM only, so the tests run as ES modules (--experimental-vm-modules, see package.json). */
export default {
  rootDir: '.',
  roots: ['<rootDir>/lib', '<rootDir>/test', '<rootDir>/sample/01-quickstart', '<rootDir>/schematics'],
  testMatch: ['**/*.spec.ts', '**/*.e2e-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/test/conformance/', '/test/consumers/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // What the sample imports by name is the source that is being tested.
    '^nestjs-mcp-auth$': '<rootDir>/lib/index.ts',
    '^nestjs-mcp-auth/testing$': '<rootDir>/lib/testing/index.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testTimeout: 30_000,
};
