import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/left-out.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Two at a time: integration tests start whole process trees.
    maxWorkers: 2,
  },
});
