/** Numbers read where they lie, held against `Number`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../src/journal/columns/decimal.js';
import { seed } from '../../support/seed.js';

function read(text: string): { length: number; value: number; millionths: number } {
  const decimal = new Decimal();
  const end = decimal.read(Buffer.from(`x${text},`), 1);
  return { length: end - 1, value: decimal.value, millionths: decimal.millionths };
}

describe(`decimal numbers (FAULTLAB_TEST_SEED=${seed})`, () => {
  it('are what Number makes of the same characters, and so are their millionths when they are rounded', () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,17})(\.\d{1,12})?$/);
    const doubles = fc.double({ min: 1e-6, max: 1e20, noNaN: true }).map(String);
    const clocks = fc.integer({ min: 0, max: 2 ** 53 - 1 }).map((ns) => `${ns / 1e6}`);
    fc.assert(
      fc.property(fc.oneof(digits, doubles, clocks), (text) => {
        expect(read(text)).toEqual({ length: text.length, value: Number(text), millionths: Math.round(Number(text) * 1e6) });
      }),
      { seed, numRuns: 5_000 },
    );
  });

  it('end where JSON ends them, and are none where it has none', () => {
    expect(['', '-1', '.5', '01', '00', '1.', '1.x', 'x'].map((text) => read(text).length)).toEqual(Array(8).fill(-2));
    expect(['0', '1.50', '1e5', '1.5.5', '12 3'].map((text) => read(text).length)).toEqual([1, 4, 1, 3, 2]);
  });
});
