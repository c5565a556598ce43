import { expect, test } from 'vitest';
import { LabelValues } from '../../../src/control/metrics/label-values.js';

test('names beyond the bound share one, and those that were there keep theirs', () => {
  const values = new LabelValues(2);
  expect(['a', 'b', 'c', 'a', 'd'].map((value) => values.bounded(value))).toEqual(['a', 'b', 'other', 'a', 'other']);
});
