import { describe, expect, it } from 'vitest';
import type { RunStatus, SteadyState } from '../../src/journal/events.js';
import type { Driver } from '../../src/orchestrator/drivers/driver.js';
import { letRunOut, takesBack } from '../../src/orchestrator/rollback.js';
import { VirtualClock } from '../support/clock.js';

const well = { status: 'completed', steadyState: 'met' } as const;
const ways: readonly { status: RunStatus; steadyState: SteadyState }[] = [
  well,
  { ...well, status: 'interrupted' },
  { ...well, status: 'stopped' },
  { ...well, status: 'error' },
  { ...well, steadyState: 'notMet' },
];

describe('a rollback strategy', () => {
  it('always takes faults back, never does, or does where something was not well', () => {
    expect(ways.map((found) => takesBack('always', found))).toEqual([true, true, true, true, true]);
    expect(ways.map((found) => takesBack('never', found))).toEqual([false, false, false, false, false]);
    expect(ways.map((found) => takesBack('deviated', found))).toEqual([false, false, true, true, true]);
  });
});

describe('faults that are left to their leases', () => {
  /** A driver on which one fault is on until then. */
  const driver = (clock: VirtualClock, untilMs: number) =>
    ({ active: () => Promise.resolve(clock.nowMs() < untilMs ? [{ id: 'f' }] : []) }) as unknown as Driver;
  const plan = { steps: [{ fault: { leaseMs: 3_000 } }, {}] } as unknown as Parameters<typeof letRunOut>[2];

  async function waited(untilMs: number): Promise<number> {
    const clock = new VirtualClock({ startMs: 0 });
    let isOver = false;
    void letRunOut(clock, driver(clock, untilMs), plan).then(() => {
      isOver = true;
    });
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isOver) clock.advance(100);
    }
    return clock.nowMs();
  }

  it('are waited for until the last has ended', async () => {
    expect(await waited(0)).toBe(0);
    expect(await waited(2_000)).toBeLessThanOrEqual(2_200);
  });

  it('are not waited for beyond the longest lease: what is on then is a fault of ours, and healed', async () => {
    expect(await waited(Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(4_200);
  });
});
