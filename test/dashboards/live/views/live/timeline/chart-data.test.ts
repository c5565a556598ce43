import { describe, expect, it } from 'vitest';
import { createHistory, putSecond } from '../../../../../../dashboards/live/src/state/link-history.js';
import {
  bytesLine,
  columnLine,
  errorLine,
  secondsUntil,
  valueOf,
} from '../../../../../../dashboards/live/src/views/live/timeline/chart-data.js';
import { secondOf } from '../../../state/snapshots.js';

const seconds = secondsUntil(10_000_500);

function lineEnd(line: readonly (number | null)[], count: number) {
  return line.slice(-count);
}

describe('what the charts draw', () => {
  it('is an hour of seconds that ends with the newest whole one', () => {
    expect([seconds.length, seconds.at(-1)]).toEqual([3_600, 9_999]);
  });

  it('draws silence as nothing, what has not come yet as a gap, and what is not known as a gap', () => {
    const history = createHistory('a->b', 9_990);
    putSecond(history, secondOf('a->b', 9_995, 5, { errors: 1, bytesUp: 2, bytesDown: 3 }));
    putSecond(history, secondOf('a->b', 9_997, 4));
    expect(lineEnd(columnLine(history, 'requests', seconds), 6)).toEqual([0, 5, 0, 4, null, null]);
    expect(columnLine(history, 'requests', seconds)[0]).toBeNull();
    expect(lineEnd(errorLine(history, seconds), 5)).toEqual([0.2, null, 0, null, null]);
    expect(lineEnd(bytesLine(history, seconds), 5)).toEqual([5, 0, 0, null, null]);
  });

  it('draws a link that stopped long ago as silent up to now', () => {
    const history = createHistory('a->b', 9_000);
    putSecond(history, secondOf('a->b', 9_100, 5));
    expect(lineEnd(columnLine(history, 'requests', seconds), 2)).toEqual([0, 0]);
    expect(lineEnd(columnLine(undefined, 'requests', seconds), 1)).toEqual([null]);
  });

  it('gives the value under the cursor, and the newest without one', () => {
    const line = seconds.map((second) => (second === 9_999 ? null : second));
    expect([valueOf(line, seconds, 9_500.4), valueOf(line, seconds, undefined), valueOf(line, seconds, 1)]).toEqual([9_500, 9_998, null]);
  });
});
