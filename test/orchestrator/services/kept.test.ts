/** What is kept under a lease, with a clock that the test turns: by itself it ends, whatever turns it takes. */
import { describe, expect, it } from 'vitest';
import { Kept } from '../../../src/orchestrator/services/kept.js';
import { roughClock, VirtualClock } from '../../support/clock.js';

const NEVER = Number.POSITIVE_INFINITY;

function rig(clock = new VirtualClock()) {
  const undone: string[] = [];
  const turns: number[] = [];
  const kept = new Kept<string>(clock);
  const keep = (key: string, { leaseMs, everyMs }: { leaseMs: number; everyMs: number }): void => {
    const turn = (): number => {
      turns.push(clock.nowMs());
      return everyMs;
    };
    kept.keep(key, { leaseMs, turn, undo: () => undone.push(key) });
  };
  return { clock, kept, undone, turns, keep };
}

describe('what is kept', () => {
  it('begins at once, and is taken back when nobody has renewed for a lease', () => {
    const { clock, undone, turns, keep } = rig();
    keep('a', { leaseMs: 1_000, everyMs: NEVER });
    clock.advance(999);
    expect([turns.length, undone]).toEqual([1, []]);
    clock.advance(1);
    expect([undone, clock.pending]).toEqual([['a'], 0]);
  });

  it('is all taken back at once, also where one cannot be', () => {
    const { kept, undone, keep } = rig();
    const fails = (): never => {
      throw new Error('no such file');
    };
    kept.keep('broken', { leaseMs: 1_000, turn: () => NEVER, undo: fails });
    keep('a', { leaseMs: 1_000, everyMs: NEVER });
    kept.freeAll();
    expect(undone).toEqual(['a']);
  });

  it('lasts for as long as it is renewed, and one lease longer', () => {
    const { clock, kept, undone, keep } = rig();
    keep('a', { leaseMs: 1_000, everyMs: NEVER });
    for (let i = 0; i < 10; i++) {
      clock.advance(900);
      kept.renew();
    }
    clock.advance(999);
    expect(undone).toEqual([]);
    clock.advance(1);
    expect(undone).toEqual(['a']);
  });

  it('takes its turns when they are due, never early, on a clock that is rough', () => {
    const clock = roughClock(7);
    const { kept, turns, keep } = rig(clock);
    keep('a', { leaseMs: 10_000, everyMs: 50 });
    clock.advance(1_000);
    const waits = turns.slice(1).map((atMs, i) => atMs - (turns[i] ?? 0));
    expect(waits.length).toBeGreaterThan(15);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(50);
    kept.freeAll();
    expect(clock.pending).toBe(0);
  });

  it('is taken back once, also when it is freed twice, and not at all when it is forgotten', () => {
    const { clock, kept, undone, keep } = rig();
    for (const key of ['a', 'b']) keep(key, { leaseMs: 1_000, everyMs: 10 });
    kept.free('a');
    kept.free('a');
    kept.forget('b');
    clock.advance(5_000);
    expect([undone, clock.pending]).toEqual([['a'], 0]);
  });

  it('is replaced by what is done to the same key next', () => {
    const { clock, turns, keep } = rig();
    keep('a', { leaseMs: 1_000, everyMs: 10 });
    keep('a', { leaseMs: 5_000, everyMs: NEVER });
    clock.advance(4_000);
    expect(turns).toHaveLength(2);
  });
});
