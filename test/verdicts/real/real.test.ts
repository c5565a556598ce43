/**
 * Two cycles of every real product that is installed here, all at once. The machine may be busy, so how far estimates are off is for the bench to
 * say; here no verdict may be wrong.
 */
import { describe, expect, it } from 'vitest';
import { isWrong } from '../score.js';
import * as real from './registry.js';

const CYCLES = 2;

describe.concurrent('what the checks say of real products', () => {
  for (const product of Object.values(real)) {
    const missing = product.missing();
    it.skipIf(missing !== undefined)(
      `${product.name}: ${missing ?? 'good ones pass, bad ones fail, idle ones are not judged'}`,
      async () => {
        const outcomes = await product.play(CYCLES);
        expect(outcomes.filter(isWrong)).toEqual([]);
        expect(outcomes.length).toBeGreaterThan(CYCLES);
      },
      120_000,
    );
  }
});
