import { expect, test } from 'vitest';
import { planDurationMs, timeline } from '../../src/experiment/timeline.js';
import { edited, planText, SMALL } from '../support/experiment.js';

const text = edited(
  SMALL,
  'verify:',
  `  - {name: last, startAfter: [side, rest], wait: 1s}
  - {name: side, wait: 3s}
verify:`,
);

test('a step starts when the last of those before it has ended, wherever they stand in the file', () => {
  const rows = timeline(planText(text).steps).map(({ step, fromMs, toMs }) => [step.name, fromMs, toMs]);
  expect(rows).toEqual([
    ['bad-api', 0, 4_000],
    ['rest', 4_000, 6_000],
    ['last', 6_000, 7_000],
    ['side', 0, 3_000],
  ]);
});

test('a plan lasts as long as warm-up, baseline, its longest chain of steps and settling together', () => {
  const plan = planText(edited(text, 'target: web\n', 'target: web\n  warmUp: 2s\n'));
  expect(planDurationMs(plan)).toBe(2_000 + 5_000 + 7_000 + 5_000);
});
