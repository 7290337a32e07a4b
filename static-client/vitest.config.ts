import { defineConfig } from 'vitest/config';

/** Everything tested here runs in Node; what needs a browser is tested in one. */
export default defineConfig({
  test: { environment: 'node', include: ['src/**/*.test.ts'], testTimeout: 30_000 },
});
