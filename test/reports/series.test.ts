import { describe, expect, it } from 'vitest';
import { foldJournal } from '../../src/journal/record.js';
import type { Sample } from '../../src/reports/flow.js';
import { axisOf, figuresOf, nearestRank, seriesOf, windowsOf } from '../../src/reports/series.js';
import { gameDay } from '../support/journal.js';

const seen = (samples: readonly Sample[]) => ({ samples, sums: [] });
const sample = (startMs: number, tookMs: number, failed = false) => ({ startMs, endMs: startMs + tookMs, failed });

describe('a series', () => {
  it('counts a request where it began, however long it took', () => {
    const points = seriesOf(seen([sample(100, 5), sample(900, 2_500, true)]), { fromMs: 0, toMs: 3_000, bucketMs: 1_000 });
    expect(points.map((p) => [p.count, p.failed])).toEqual([
      [2, 1],
      [0, 0],
      [0, 0],
    ]);
    expect(points[0]).toMatchObject({ ratePerSecond: 2, failedPerSecond: 1, successRatio: 0.5, p50Ms: 5, p99Ms: 2_500 });
  });

  it('says nothing about a moment in which nothing was asked', () => {
    const [point] = seriesOf(seen([]), { fromMs: 0, toMs: 1_000, bucketMs: 1_000 });
    expect(point).toMatchObject({ count: 0, ratePerSecond: 0, successRatio: null, p50Ms: null, p99Ms: null });
  });

  it('keeps the rate right in a last bucket of another length', () => {
    const samples = Array.from({ length: 24 }, (_, i) => sample(i * 100, 1));
    const points = seriesOf(seen(samples), { fromMs: 0, toMs: 2_400, bucketMs: 1_000 });
    expect(points.map((p) => p.ratePerSecond)).toEqual([10, 10]);
    expect(points.at(-1)?.toMs).toBe(2_400);
  });

  it('loses and doubles no request at the edges of buckets', () => {
    const samples = Array.from({ length: 1_000 }, (_, i) => sample(i, 1));
    const points = seriesOf(seen(samples), { fromMs: 0, toMs: 1_000, bucketMs: 250 });
    expect(points.reduce((sum, p) => sum + p.count, 0)).toBe(1_000);
  });

  it('takes percentiles by nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([nearestRank(values, 0.5), nearestRank(values, 0.99), nearestRank([7], 0.99), nearestRank([], 0.5)]).toEqual([50, 99, 7, null]);
  });
});

describe('the axis of a run', () => {
  it('spans load and settling, not setup and teardown, in buckets a page can show', () => {
    const record = foldJournal(gameDay({ ratePerSecond: 12, pace: 0.2 }).events);
    const axis = axisOf(record);
    const phase = (name: string) => record.phases.find((p) => p.phase === name);
    expect(axis.fromMs).toBe(phase('baseline')?.fromMs);
    expect(axis.toMs).toBe(phase('settle')?.toMs);
    expect((axis.toMs - axis.fromMs) / axis.bucketMs).toBeLessThanOrEqual(180);
  });

  it.each([
    ['nothing', []],
    ['a first event only', gameDay({ ratePerSecond: 5, pace: 0.1 }).events.slice(0, 1)],
    ['half a run', gameDay({ ratePerSecond: 5, pace: 0.1 }).events.slice(0, 200)],
  ])('is finite for a journal that holds %s', (_what, events) => {
    const axis = axisOf(foldJournal(events));
    expect([axis.fromMs, axis.toMs, axis.bucketMs].every(Number.isFinite)).toBe(true);
    expect(axis.toMs).toBeGreaterThan(axis.fromMs);
  });

  it('names the parts that a reader compares', () => {
    const record = foldJournal(gameDay({ ratePerSecond: 5, pace: 0.1 }).events);
    expect(windowsOf(record).map((w) => w.name)).toEqual(['before', 'one-host-goes-gray', 'payments-down', 'host-cut-off', 'after']);
  });

  it('measures a window that never closed up to the last thing seen in it', () => {
    const samples = [sample(0, 1), sample(500, 1), sample(1_000, 1)];
    expect(figuresOf(seen(samples), { fromMs: 0, toMs: Number.POSITIVE_INFINITY })).toMatchObject({ count: 3, ratePerSecond: 3 });
  });
});
