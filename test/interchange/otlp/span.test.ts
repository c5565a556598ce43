import { expect, test } from 'vitest';
import { spanIdOf, traceIdOf } from '../../../src/interchange/otlp/span.js';

test('the same run has the same trace wherever it is made, and every span a name of its own', () => {
  expect(traceIdOf('r')).toMatch(/^[0-9a-f]{32}$/);
  expect(spanIdOf('r', 'run')).toMatch(/^[0-9a-f]{16}$/);
  expect(traceIdOf('r')).toBe(traceIdOf('r'));
  expect(new Set([traceIdOf('r'), traceIdOf('s')]).size).toBe(2);
  expect(new Set([spanIdOf('r', 'run'), spanIdOf('r', 'phase method'), spanIdOf('s', 'run')]).size).toBe(3);
});
