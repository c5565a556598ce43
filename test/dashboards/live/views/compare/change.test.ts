import { describe, expect, it } from 'vitest';
import { changeOf, hasMoved, partner, sayFigure } from '../../../../../dashboards/live/src/views/compare/change.js';

const figure = (before: number | null, after: number | null) => ({
  subject: 's',
  unit: 'ms',
  before,
  after,
  ratio: before === null || after === null || before === 0 ? null : after / before,
});

describe('a figure of two runs', () => {
  it('has moved when it did by more than a twentieth, or is there in one of them only', () => {
    expect(hasMoved(figure(100, 104))).toBe(false);
    expect(hasMoved(figure(100, 106))).toBe(true);
    expect(hasMoved(figure(null, 5))).toBe(true);
    expect(hasMoved(figure(0, 0))).toBe(false);
  });

  it('is said with its unit, and its change in per cent', () => {
    expect(changeOf(figure(100, 150))).toBe('+50 %');
    expect(changeOf(figure(100, 50))).toBe('-50 %');
    expect(changeOf(figure(0, 50))).toBe('');
    expect(sayFigure(1_500, 'ms')).toBe('1.50s');
    expect(sayFigure(99.5, '%')).toBe('99.5 %');
    expect(sayFigure(null, 'ms')).toBe('–');
  });
});

describe('the run that one is held against', () => {
  const runs = [
    { run: 'd', title: 'shop' },
    { run: 'c', title: 'lease' },
    { run: 'b', title: 'shop' },
    { run: 'a', title: 'lease' },
  ];
  it('is the one before it of the same experiment, else any other', () => {
    expect(partner(runs, 'd')).toBe('b');
    expect(partner(runs, 'b')).toBe('a');
    expect(partner(runs, 'a')).toBe('d');
    expect(partner(runs.slice(0, 1), 'd')).toBeUndefined();
  });
});
