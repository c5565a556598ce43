import { describe, expect, it } from 'vitest';
import { LinkHistory } from '../../../src/control/live/link-history.js';
import type { LinkSecond } from '../../../src/journal/link-second.js';
import { emptySecond } from '../../../src/journal/second-tally.js';

const row = (second: number, given: Partial<LinkSecond> = {}): LinkSecond => ({ ...emptySecond('a->b', second), ...given });

describe('the last hour of a link', () => {
  it('is told second by second, with nothing and not nought where nothing was', () => {
    const history = new LinkHistory();
    history.put(row(1_000, { requests: 3, p50Ms: 1.25, connections: 2, bytesUp: 123_456 }), 1_000);
    history.put(row(1_002, { requests: 1 }), 1_002);
    expect(history.read('a->b', { fromSecond: 999, toSecond: 1_003 })).toMatchObject({
      fromSecond: 999,
      columns: { requests: [0, 3, 0, 1], p50Ms: [null, 1.25, null, null], connections: [null, 2, null, null], bytesUp: [0, 123_456, 0, 0] },
    });
    expect(history.read('c->d', { fromSecond: 0, toSecond: 1 })).toBe(undefined);
  });

  it('takes a later word on a second for the better one', () => {
    const history = new LinkHistory();
    history.put(row(1_000, { requests: 3 }), 1_000);
    history.put(row(1_000, { requests: 4 }), 1_001);
    expect(history.read('a->b', { fromSecond: 1_000, toSecond: 1_001 })?.columns.requests).toEqual([4]);
  });

  it('is an hour at most, of the future nothing, and gives its memory back', () => {
    const history = new LinkHistory();
    history.put(row(10_000, { requests: 1 }), 10_000);
    history.put(row(6_000, { requests: 1 }), 10_000);
    history.put(row(10_500, { requests: 1 }), 10_000);
    history.put({ ...emptySecond('hostile', Number.NaN) }, 10_000);
    expect(history.links).toEqual(['a->b']);
    const { fromSecond, columns } = history.read('a->b', { fromSecond: 0, toSecond: 10_501 }) ?? {
      fromSecond: 0,
      columns: { requests: [] },
    };
    expect(fromSecond).toBe(6_901);
    expect(columns.requests.reduce((sum, count) => sum + count, 0)).toBe(1);
    history.forget(14_200);
    expect(history.links).toEqual([]);
  });

  it('keeps 100 links that never rest in 25 MB, and no more than 500 links', () => {
    const history = new LinkHistory();
    const before = process.memoryUsage().arrayBuffers;
    for (let link = 0; link < 100; link++)
      for (let second = 20_000; second < 23_600; second += 100) history.put({ ...row(second, { requests: 1 }), link: `l${link}` }, second);
    expect((process.memoryUsage().arrayBuffers - before) / 1e6).toBeLessThan(25);
    for (let link = 0; link < 600; link++) history.put({ ...row(23_600), link: `m${link}` }, 23_600);
    expect(history.links).toHaveLength(500);
  });
});
