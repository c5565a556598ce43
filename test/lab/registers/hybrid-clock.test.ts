import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareStamps, createHybridClock, readStamp, type Stamp } from '../../../src/lab/registers/hybrid-clock.js';
import { seed } from '../../support/seed.js';

describe('a hybrid clock', () => {
  it('is the wall clock where that goes on, and counts where it does not', () => {
    const clock = createHybridClock('a');
    expect([100, 105, 105, 90, 106].map((wallMs) => clock.tick(wallMs))).toEqual([
      { wallMs: 100, count: 0, node: 'a' },
      { wallMs: 105, count: 0, node: 'a' },
      { wallMs: 105, count: 1, node: 'a' },
      { wallMs: 105, count: 2, node: 'a' },
      { wallMs: 106, count: 0, node: 'a' },
    ]);
  });

  it('is never behind what it has heard, and takes over no name', () => {
    const clock = createHybridClock('a');
    clock.hear({ wallMs: 500, count: 7, node: 'b' });
    expect(clock.tick(100)).toEqual({ wallMs: 500, count: 8, node: 'a' });
    clock.hear({ wallMs: 300, count: 9, node: 'b' });
    expect(clock.tick(501)).toEqual({ wallMs: 501, count: 0, node: 'a' });
  });

  it(`gives the later stamp to what comes later, whatever walls say, and stays near the fastest of them (FAULTLAB_TEST_SEED=${seed})`, () => {
    const names = ['a', 'b', 'c'] as const;
    const act = fc.record({ from: fc.nat(2), to: fc.nat(2), passesMs: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50)), (acts, skewsMs) => {
        const clocks = names.map((name) => createHybridClock(name));
        const last: (Stamp | undefined)[] = [undefined, undefined, undefined];
        const seen = new Set<string>();
        let nowMs = 1_000;
        for (const { from, to, passesMs } of acts) {
          nowMs += passesMs;
          const stamp = clocks[from]?.tick(nowMs + (skewsMs[from] ?? 0));
          if (stamp === undefined) throw new Error('there are three');
          const before = last[from];
          if (before !== undefined) expect(compareStamps(before, stamp)).toBeLessThan(0);
          expect(stamp.wallMs - nowMs).toBeLessThanOrEqual(Math.max(...skewsMs));
          expect(seen.has(JSON.stringify(stamp))).toBe(false);
          seen.add(JSON.stringify(stamp));
          last[from] = stamp;
          clocks[to]?.hear(stamp);
          const known = last[to];
          if (known === undefined || compareStamps(stamp, known) > 0) last[to] = stamp;
        }
      }),
      { seed, numRuns: 500 },
    );
  });

  it('has an order without ties among nodes, and reads nothing that is no stamp', () => {
    const [a, b] = ['a', 'b'].map((node) => ({ wallMs: 1, count: 1, node }));
    if (a === undefined || b === undefined) throw new Error('there are two');
    expect([compareStamps(a, b), compareStamps(b, a), compareStamps(a, a)]).toEqual([-1, 1, 0]);
    expect(readStamp(JSON.parse(JSON.stringify(a)))).toEqual(a);
    for (const bad of [undefined, null, 7, {}, { ...a, wallMs: '1' }, { ...a, count: 0.5 }, { ...a, wallMs: Number.POSITIVE_INFINITY }]) {
      expect(readStamp(bad)).toBeUndefined();
    }
  });
});
