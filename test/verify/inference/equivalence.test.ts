/** Equivalence is shown, not assumed. */
import { expect, it } from 'vitest';
import { isNoWorse, shareDifference } from '../../../src/verify/inference/equivalence.js';

it('shareDifference holds the difference, and narrows with the samples', () => {
  const [low, high] = shareDifference({ hits: 990, samples: 1_000 }, { hits: 890, samples: 1_000 });
  expect(low).toBeLessThan(-0.1);
  expect(high).toBeGreaterThan(-0.1);
  expect(high - low).toBeLessThan(0.05);
  const [wide] = shareDifference({ hits: 10, samples: 10 }, { hits: 10, samples: 10 });
  expect(wide).toBeLessThan(-0.1);
});

it('isNoWorse knows harm from doubt, and takes better for no worse', () => {
  expect(isNoWorse([-0.005, 0.004], 0.01)).toBe(true);
  expect(isNoWorse([0.02, 0.04], 0.01)).toBe(true);
  expect(isNoWorse([-0.02, 0.004], 0.01)).toBeNull();
  expect(isNoWorse([-0.05, -0.02], 0.01)).toBe(false);
});
