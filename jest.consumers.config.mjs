import base from './jest.config.mjs';

/** Applications that install the packed package, each in a folder of its own: `npm run consumers`. */
export default {
  ...base,
  roots: ['<rootDir>/test/consumers'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 900_000,
};
