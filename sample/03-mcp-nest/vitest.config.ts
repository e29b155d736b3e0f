import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.e2e-spec.ts'],
    env: { DATABASE_FILE: ':memory:' },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
