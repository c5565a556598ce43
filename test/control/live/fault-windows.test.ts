import { describe, expect, it } from 'vitest';
import { FaultWindows } from '../../../src/control/live/fault-windows.js';
import type { FaultChange } from '../../../src/journal/observations.js';

const change = (fault: string, what: FaultChange['change'], atMs: number): FaultChange => ({
  kind: 'fault',
  fault,
  run: 'r',
  change: what,
  atMs,
  matched: 0,
  appliedCount: 0,
  skipped: 0,
  ...(what === 'applied' && { performs: 'abort', proxies: ['a->b'] }),
});

describe('windows of faults', () => {
  it('open and close with the fault, and again under the same name', () => {
    const windows = new FaultWindows();
    expect(windows.note(change('f', 'applied', 1))).toEqual({
      fault: 'f',
      run: 'r',
      type: 'abort',
      proxies: ['a->b'],
      fromMs: 1,
      toMs: null,
      how: null,
    });
    expect(windows.note(change('f', 'turned', 2))).toBe(undefined);
    expect(windows.note(change('f', 'expired', 3))).toMatchObject({ fromMs: 1, toMs: 3, how: 'expired' });
    windows.note(change('f', 'applied', 4));
    expect(windows.kept(5).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [1, 3],
      [4, null],
    ]);
    expect(windows.note(change('unknown', 'healed', 6))).toBe(undefined);
  });

  it('are kept for an hour, or as long as the fault is on; 2,000 at most', () => {
    const windows = new FaultWindows();
    windows.note(change('old', 'applied', 1));
    windows.note(change('long', 'applied', 2));
    windows.note(change('old', 'healed', 3));
    expect(windows.kept(3_700_000).map(({ fault }) => fault)).toEqual(['long']);
    for (let i = 0; i < 3_000; i++) windows.note(change(`f${i}`, 'applied', 4));
    expect(windows.kept(5)).toHaveLength(2_000);
  });
});
