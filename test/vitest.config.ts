import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'node_modules/**', 'dist/**'],
    // Generous: a machine that is busy with something else is slow, not wrong. What has to be quick is measured by `npm run bench`.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: more workers than that only make the real-socket tests wait for each other.
    maxWorkers: 2,
  },
});
