import base from './jest.config.mjs';

process.env.MCP_AUTH_FUZZ_REQUESTS ??= '10000';
// Another one each time; `npm test` always takes the same.
process.env.MCP_AUTH_FUZZ_SEED ??= String(Date.now() % 2 ** 31);
console.log(
  `${process.env.MCP_AUTH_FUZZ_REQUESTS} requests for each endpoint; MCP_AUTH_FUZZ_SEED=${process.env.MCP_AUTH_FUZZ_SEED}`,
);

/** The request fuzzer at full length: `npm run fuzz`. */
export default { ...base, roots: ['<rootDir>/test/fuzz'], maxWorkers: 2 };
