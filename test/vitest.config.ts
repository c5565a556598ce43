import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.js';

/** Tests that start programs and judge how they behave in time: in a process of their own each. */
const runs = [
  'test/e2e/**/*.test.ts',
  'test/verdicts/**/*.test.ts',
  'test/fuzz/**/*.test.ts',
  'test/judging/**/*.test.ts',
  'test/fleet/**/*.test.ts',
];

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    // Generous: a machine that is busy with something else is slow, not wrong. What has to be quick is measured by `npm run bench`.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // Two cores: with more workers than that the real-socket tests only wait for each other.
    maxWorkers: 2,
    // Of a file whose tests may run side by side, because they mostly wait for processes of their own.
    maxConcurrency: 3,
    setupFiles: ['test/support/fixed-seed.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        // Files share the modules that they import: loading them anew for each file was a third of the time.
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/bench/**', 'node_modules/**', 'dist/**', ...runs],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'runs', include: runs } },
    ],
  },
});
