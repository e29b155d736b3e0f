import base from './jest.config.mjs';

/** The long tests of test/reliability, one command each: `npm run races`, `npm run crashes`, `npm run growth`. */
export default {
  ...base,
  roots: ['<rootDir>/test/reliability'],
  testMatch: ['**/*.long.ts'],
};
