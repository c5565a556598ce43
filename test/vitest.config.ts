import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.js';

/** Tests that start programs and wait for them most of their time: in a process each, three at once on two cores. */
const runs = ['test/e2e/**/*.test.ts', 'test/verdicts/**/*.test.ts', 'test/fuzz/**/*.test.ts', 'test/judging/**/*.test.ts'];

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    // Generous: a machine that is busy with something else is slow, not wrong. What has to be quick is measured by `npm run bench`.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/bench/**', 'node_modules/**', 'dist/**', ...runs],
          // Files share the modules that they import: loading them anew for each file was a third of the time.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'runs', include: runs, maxWorkers: 3, sequence: { groupOrder: 1 } } },
    ],
  },
});
