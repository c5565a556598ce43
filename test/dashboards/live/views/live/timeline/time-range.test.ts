import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fixed,
  followed,
  panned,
  SPAN_MS_MAX,
  SPAN_MS_MIN,
  stretchOf,
  type TimeRange,
  zoomed,
} from '../../../../../../dashboards/live/src/views/live/timeline/time-range.js';

const nowMs = 10_000_000;

describe('the stretch of time in the charts', () => {
  it('follows the newest second, also when it is made longer', () => {
    const range = zoomed({ kind: 'follow', spanMs: 60_000 }, 2, { nowMs });
    expect(stretchOf(range, nowMs + 5_000)).toEqual({ fromMs: nowMs + 5_000 - 120_000, toMs: nowMs + 5_000 });
  });

  it('stays where it was moved to, and follows again when asked', () => {
    const moved = panned({ kind: 'follow', spanMs: 60_000 }, -0.5, nowMs);
    expect(moved).toEqual({ kind: 'fixed', fromMs: nowMs - 90_000, toMs: nowMs - 30_000 });
    expect(followed(moved, nowMs)).toEqual({ kind: 'follow', spanMs: 60_000 });
  });

  it('zooms around the instant under the cursor', () => {
    const range = zoomed({ kind: 'fixed', fromMs: nowMs - 100_000, toMs: nowMs }, 0.5, { nowMs, aroundMs: nowMs - 75_000 });
    expect(range).toEqual({ kind: 'fixed', fromMs: nowMs - 87_500, toMs: nowMs - 37_500 });
  });

  it('never leaves the hour that is kept, whatever is done to it', () => {
    const act = fc.oneof(
      fc.record({ zoom: fc.double({ min: 0.01, max: 100, noNaN: true }), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ pan: fc.double({ min: -50, max: 50, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
        let range: TimeRange = fixed({ fromMs: nowMs - 60_000, toMs: nowMs }, nowMs);
        for (const one of acts) {
          const { fromMs, toMs } = stretchOf(range, nowMs);
          range =
            'pan' in one ? panned(range, one.pan, nowMs) : zoomed(range, one.zoom, { nowMs, aroundMs: fromMs + (toMs - fromMs) * one.at });
          const next = stretchOf(range, nowMs);
          expect(next.toMs).toBeLessThanOrEqual(nowMs + 1e-6);
          expect(next.fromMs).toBeGreaterThanOrEqual(nowMs - SPAN_MS_MAX - 1e-6);
          expect(next.toMs - next.fromMs).toBeGreaterThan(SPAN_MS_MIN - 1e-6);
        }
      }),
    );
  });
});
