import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/orchestrator/fleet/batch.js';
import { StreamIntake } from '../../../src/orchestrator/fleet/stream-intake.js';
import { exchangeAt } from '../../support/fleet/observations.js';

/** Observations `from` to `to`, each told by its start. */
function batch(from: number, to: number, { isLast = false, unreadable = 0 } = {}): Batch {
  const count = to - from + 1;
  const observations = Array.from({ length: count - unreadable }, (_, i) => exchangeAt(from + i));
  return { head: { format: 1, run: 'r', agent: 'a', stream: 's', batch: 1, from, count, isLast }, observations, unreadable };
}

const startsOf = (observations: readonly unknown[]): readonly number[] => observations.map((one) => (one as { startMs: number }).startMs);

describe('the intake of a stream', () => {
  it('takes each observation once, however often it comes', () => {
    const intake = new StreamIntake();
    expect(startsOf(intake.take(batch(1, 3)))).toEqual([1, 2, 3]);
    expect(intake.take(batch(1, 3))).toEqual([]);
    expect(startsOf(intake.take(batch(3, 5)))).toEqual([4, 5]);
    expect(intake).toMatchObject({ next: 6, lost: 0 });
  });

  it('counts what never came', () => {
    const intake = new StreamIntake();
    intake.take(batch(1, 2));
    intake.take(batch(6, 7));
    expect(intake).toMatchObject({ next: 8, lost: 3 });
  });

  it('learns of a loss behind the last observation from the end', () => {
    const intake = new StreamIntake();
    intake.take(batch(1, 2));
    intake.take(batch(10, 9, { isLast: true }));
    expect(intake).toMatchObject({ lost: 7, hasEnded: true });
  });

  it('counts what could not be read', () => {
    const intake = new StreamIntake();
    expect(intake.take(batch(1, 3, { unreadable: 1 }))).toHaveLength(2);
    expect(intake).toMatchObject({ next: 4, lost: 1 });
  });

  it('has all that was sent and nothing twice, in whatever way batches are repeated', () => {
    const size = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(size, size, fc.nat(3)), { maxLength: 40 }), (steps) => {
        const intake = new StreamIntake();
        const taken: number[] = [];
        let next = 1;
        let dropped = 0;
        for (const [count, gap, repeats] of steps) {
          dropped += gap;
          const from = next + gap;
          next = from + count;
          for (let i = 0; i <= repeats; i++) taken.push(...startsOf(intake.take(batch(from, next - 1))));
        }
        expect(taken.length + intake.lost).toBe(next - 1);
        expect(intake.lost).toBe(dropped);
        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });
});
