/** How waiting ended where the same was asked again while it ran: a hedge takes the first answer, a caller that has given up does not. */
import { describe, expect, it } from 'vitest';
import { waitsOf } from '../../../src/verify/inference/waits.js';
import { exchange } from '../../support/histories.js';

type Span = readonly [startMs: number, endMs: number, status?: number];

function endsOf(endMs: number, spans: readonly Span[]): string[] {
  const attempts = spans.map(([from, to, status = 200], n) => ({
    ...exchange({ from: 'a', to: 'b', path: '/x', startMs: from, endMs: to, status }),
    n,
  }));
  return waitsOf({ n: 99, route: '', startMs: 0, endMs, answered: true, attempts }).map(({ end, waitedMs }) => `${end} ${waitedMs}`);
}

describe('waits', () => {
  it('end with the next attempt, where an answer came and the caller asked on', () => {
    const impatient: Span[] = [0, 300, 600, 900, 1_200].map((startMs) => [startMs, startMs + 1_000]);
    expect(endsOf(1_500, impatient)).toEqual(Array.from({ length: 5 }, () => 'abandoned 300'));
    expect(
      endsOf(1_400, [
        [0, 1_000],
        [300, 1_390],
      ]),
    ).toEqual(['abandoned 300', 'answered 1090']);
  });

  it('go on beside a hedge, until one of the answers is taken', () => {
    expect(
      endsOf(410, [
        [0, 400],
        [100, 405],
      ]),
    ).toEqual(['answered 400', 'answered 305']);
    // The hedge runs on while the caller has more to do: nobody can tell whether it waits for it.
    expect(
      endsOf(500, [
        [0, 400],
        [100, 600],
      ]),
    ).toEqual(['untold 400', 'abandoned 400']);
    // What failed is no proof either: the hedge was still to come.
    expect(
      endsOf(610, [
        [0, 400, 503],
        [100, 600],
      ]),
    ).toEqual(['untold 400', 'answered 500']);
  });

  it('are not told of where it is asked again after a good answer, and are of where it failed', () => {
    const again = (status: number) =>
      endsOf(820, [
        [0, 700, status],
        [800, 810],
      ]);
    expect(again(200)).toEqual(['untold 700', 'answered 10']);
    expect(again(503)).toEqual(['answered 700', 'answered 10']);
  });

  it('are not cut short by what is asked together', () => {
    expect(
      endsOf(700, [
        [0, 400],
        [0.5, 600],
      ]),
    ).toEqual(['answered 400', 'answered 599.5']);
  });
});
