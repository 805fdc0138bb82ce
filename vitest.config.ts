import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/left-out.ts'],
    // Generous, since nothing here asserts a speed and machines are shared.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // Two at a time: integration tests start whole process trees.
    maxWorkers: 2,
  },
});
