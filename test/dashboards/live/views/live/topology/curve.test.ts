import { describe, expect, it } from 'vitest';
import { type Curve, crossedBy, pathOf, pointAt } from '../../../../../../dashboards/live/src/views/live/topology/curve.js';

const flat: Curve = [
  { x: 0, y: 0 },
  { x: 30, y: 0 },
  { x: 70, y: 0 },
  { x: 100, y: 0 },
];
const below = flat.map(({ x }) => ({ x, y: 50 })) as unknown as Curve;

describe('curves of the topology', () => {
  it('name the links that a drawn line crosses', () => {
    const curves: [string, Curve][] = [
      ['upper', flat],
      ['lower', below],
    ];
    const across = (y0: number, y1: number, x0 = 40, x1 = 60) => [
      { x: x0, y: y0 },
      { x: x1, y: y1 },
    ];
    expect(crossedBy(across(-10, 60), curves)).toEqual(['upper', 'lower']);
    expect(crossedBy(across(-10, 20), curves)).toEqual(['upper']);
    expect(crossedBy(across(10, 40), curves)).toEqual([]);
    expect(crossedBy(across(-10, 60, 200, 210), curves)).toEqual([]);
    expect(crossedBy([{ x: 1, y: 1 }], curves)).toEqual([]);
  });

  it('are drawn from their start to their end', () => {
    expect(pathOf(flat)).toBe('M0.0 0.0C30.0 0.0 70.0 0.0 100.0 0.0');
    expect(pointAt(flat, 0.5)).toEqual({ x: 50, y: 0 });
  });
});
