import base from './jest.config.mjs';

/** The conformance suite is a package of its own, installed on demand: `npm run conformance`. */
export default {
  ...base,
  roots: ['<rootDir>/test/conformance'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: undefined,
  globalTeardown: undefined,
  testTimeout: 180_000,
};
