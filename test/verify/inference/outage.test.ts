/** Outages are as long as failures prove, and no longer than successes allow. */
import { expect, it } from 'vitest';
import { isSuccess } from '../../../src/journal/observations.js';
import { longestOutage } from '../../../src/verify/inference/outage.js';
import { exchange } from '../../support/histories.js';

const outage = (...answers: readonly (readonly [startMs: number, status: number])[]) =>
  longestOutage(
    answers.map(([startMs, status], n) => ({ ...exchange({ from: 'a', to: 'b', startMs, status }), n })),
    isSuccess,
  )?.interval;

it('lies between its failures and the successes around them', () => {
  expect(outage([0, 200], [10, 503], [30, 503], [40, 200])).toEqual([20, 40]);
});

it('is not known to end where no success came, and is none where nothing failed', () => {
  expect(outage([0, 200], [10, 503], [30, 503])).toEqual([20, Number.POSITIVE_INFINITY]);
  expect(outage([0, 200], [5_000, 200])).toBeUndefined();
});

it('is the longest of several, each ended by one success', () => {
  expect(outage([0, 503], [10, 503], [15, 200], [20, 503], [60, 503], [61, 200])).toEqual([40, 46]);
});
