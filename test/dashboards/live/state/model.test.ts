import { describe, expect, it } from 'vitest';
import { sumOver, valueAt } from '../../../../dashboards/live/src/state/link-history.js';
import { EVENTS_MAX, fold, LINKS_MAX, type LiveMessage, modelOf } from '../../../../dashboards/live/src/state/model.js';
import { historyOf, liveRun, secondOf, snapshot } from './snapshots.js';

const second = (nowMs: number, ...seconds: ReturnType<typeof secondOf>[]): LiveMessage => ({
  event: 'second',
  data: { nowMs, wallMs: 1e12 + nowMs, seconds, faults: [] },
});
const note = (n: number): LiveMessage => ({ event: 'journal', data: { n, atMs: n, type: 'note', text: `note ${n}` } });

describe('what the page knows of its daemon', () => {
  it('is the snapshot at first: two minutes of every link, and the clock', () => {
    const model = modelOf(snapshot({ nowMs: 500_000, wallMs: 1_500_000, history: [historyOf('a->b', 380, [7, 8, 9])] }), null);
    const history = model.histories.get('a->b');
    expect(history && [valueAt(history, 'requests', 381), valueAt(history, 'requests', 379)]).toEqual([8, undefined]);
    expect(model.wallOffsetMs).toBe(1_000_000);
  });

  it('takes a second in the place of what was known of it, and silence for nothing', () => {
    const first = modelOf(snapshot({ nowMs: 100_000 }), null);
    const told = fold(first, [
      second(101_050, secondOf('a->b', 100, 3)),
      second(104_050, secondOf('a->b', 103, 5), secondOf('a->b', 100, 4)),
    ]);
    const history = told.histories.get('a->b');
    expect(history && [100, 101, 103].map((at) => valueAt(history, 'requests', at))).toEqual([4, 0, 5]);
    expect(history && valueAt(history, 'p99Ms', 101)).toBeUndefined();
    expect(history && sumOver(history, 'requests', [99, 104])).toBe(9);
    expect(told.nowMs).toBe(104_050);
  });

  it('keeps the hour that it saw when the same daemon is asked anew, and forgets it when it is another life of it', () => {
    const before = modelOf(snapshot({ nowMs: 100_000, history: [historyOf('a->b', 50, [1, 2])] }), null);
    const same = modelOf(snapshot({ nowMs: 300_000, history: [historyOf('a->b', 180, [9])] }), before).histories.get('a->b');
    expect(same && [valueAt(same, 'requests', 51), valueAt(same, 'requests', 180)]).toEqual([2, 9]);
    const other = modelOf(snapshot({ boot: 'another', nowMs: 300_000, history: [historyOf('a->b', 180, [9])] }), before);
    const history = other.histories.get('a->b');
    expect(history && valueAt(history, 'requests', 51)).toBeUndefined();
  });

  it('folds ten thousand events as one step, and keeps the newest of them', () => {
    const model = fold(
      modelOf(snapshot({ run: liveRun() }), null),
      Array.from({ length: 10_000 }, (_, i) => note(i + 2)),
    );
    expect(model.events).toHaveLength(EVENTS_MAX);
    expect([model.events[0]?.n, model.events.at(-1)?.n]).toEqual([5_002, 10_001]);
  });

  it('follows the phase and the end of the run, and begins anew with another', () => {
    const started = fold(modelOf(snapshot({ run: liveRun() }), null), [
      { event: 'journal', data: { n: 2, atMs: 5, type: 'phaseStarted', phase: 'setup' } },
      { event: 'journal', data: { n: 3, atMs: 6, type: 'phaseEnded', phase: 'setup' } },
      { event: 'journal', data: { n: 4, atMs: 7, type: 'phaseStarted', phase: 'method' } },
    ]);
    expect(started.run?.phase).toBe('method');
    const other = fold(started, [note(5), { event: 'run', data: liveRun('other') }, note(2)]);
    expect([other.run?.run, other.events.map(({ n }) => n)]).toEqual(['other', [2]]);
  });

  it('replaces a fault’s window when it ends', () => {
    const window = { fault: 'r/gray', run: 'r', type: 'abort', proxies: ['a->b'], fromMs: 10, toMs: null, how: null, by: null };
    const model = fold(modelOf(snapshot(), null), [
      { event: 'fault', data: window },
      { event: 'fault', data: { ...window, toMs: 20, how: 'healed' } },
      { event: 'fault', data: { ...window, fromMs: 30 } },
    ]);
    expect(model.faultWindows.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [10, 20],
      [30, null],
    ]);
  });

  it('has a bound on links, and says how many it left out', () => {
    const many = Array.from({ length: LINKS_MAX + 3 }, (_, i) => secondOf(`link ${i}`, 100, 1));
    const model = fold(modelOf(snapshot({ nowMs: 101_000 }), null), [second(101_000, ...many)]);
    expect([model.histories.size, model.linksLeftOut]).toEqual([LINKS_MAX, 3]);
  });
});
