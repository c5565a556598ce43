/** Cells turn sick and well again where they did, and not by a handful of failures. */
import { describe, expect, it } from 'vitest';
import { cellsOf, disagreementOf, reportedSick, sicknesses } from '../../../src/verify/inference/sickness.js';
import { exchange, times } from '../../support/histories.js';

const asked = (ms: readonly number[], isBad: (ms: number) => boolean, path = '/stock/1') =>
  ms.map((startMs, i) => ({ ...exchange({ from: 'a', to: 'b', path, startMs, status: isBad(startMs) ? 503 : 200 }), n: i }));
const cellOf = (isBad: (ms: number) => boolean, ms = times({ fromMs: 0, toMs: 10_000, everyMs: 20 })) => {
  const [cell] = cellsOf(asked(ms, isBad), (e) => e.status === 503);
  if (cell === undefined) throw new Error('no cell');
  return cell;
};
const badFrom2To5 = (ms: number): boolean => ms >= 2_000 && ms < 5_000;

describe('sicknesses', () => {
  it('dates both ends so that the truth lies in them', () => {
    const [only, ...more] = sicknesses(cellOf(badFrom2To5), 0.1);
    expect(more).toEqual([]);
    expect(only?.began[0]).toBe(2_000);
    expect(only?.began[1]).toBeLessThan(2_300);
    expect(only?.ended[0]).toBe(5_000);
  });

  it('ends when the instance is no longer used', () => {
    const ms = times({ fromMs: 0, toMs: 3_000, everyMs: 20 });
    expect(sicknesses(cellOf(badFrom2To5, [...ms, 9_000]), 0.1).map(({ ended }) => ended)).toEqual([[2_980, 2_980]]);
  });

  it('finds none in a share below the limit, for as long as it lasts', () => {
    expect(
      sicknesses(
        cellOf((ms) => ms % 400 === 0, times({ fromMs: 0, toMs: 200_000, everyMs: 20 })),
        0.1,
      ),
    ).toEqual([]);
  });
});

describe('disagreementOf', () => {
  it('counts only the time in which the health checks said nothing', () => {
    const checks = asked(times({ fromMs: 0, toMs: 10_000, everyMs: 500 }), (ms) => ms >= 3_000 && ms < 6_000, '/health');
    const { lengthMs, interval } = disagreementOf(cellOf(badFrom2To5), reportedSick(checks), 0.1);
    expect(lengthMs).toBe(1_004);
    expect(interval[0]).toBeGreaterThan(700);
    expect(interval[1]).toBe(1_004);
  });

  it('leaves open what four failures in a row may mean, and makes nothing of two', () => {
    const rare = times({ fromMs: 0, toMs: 5_000, everyMs: 500 });
    expect(
      disagreementOf(
        cellOf((ms) => ms === 2_000 || ms === 4_000, rare),
        [],
        0.1,
      ).interval,
    ).toEqual([0, 0]);
    expect(
      disagreementOf(
        cellOf((ms) => ms >= 2_000 && ms < 4_000, rare),
        [],
        0.1,
      ).interval,
    ).toEqual([0, 1_500]);
  });
});
