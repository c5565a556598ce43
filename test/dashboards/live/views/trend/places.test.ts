import { describe, expect, it } from 'vitest';
import { placesOf } from '../../../../../dashboards/live/src/views/trend/places.js';

const frame = { leftPx: 0, rightPx: 100, topPx: 0, bottomPx: 50 };
const point = (run: string, value: number | null) => ({ run, value, startedWallMs: 0, verdict: 'pass' as const });

describe('the picture of a figure', () => {
  it('stands on nothing, reaches to the highest, and breaks where a run says nothing of it', () => {
    const { placed, line, ticks } = placesOf([point('a', 10), point('b', null), point('c', 5), point('d', 10)], frame);
    expect(placed.map(({ run, xPx, yPx }) => [run, xPx, yPx])).toEqual([
      ['a', 12.5, 0],
      ['c', 62.5, 25],
      ['d', 87.5, 0],
    ]);
    expect(line).toBe('M12.5 0M62.5 25L87.5 0');
    expect(ticks.map(({ value }) => value)).toEqual([0, 5, 10]);
  });

  it('of figures that are all nothing divides by none', () => {
    const { placed } = placesOf([point('a', 0), point('b', 0)], frame);
    expect(placed.every(({ yPx }) => yPx === 50)).toBe(true);
  });
});
