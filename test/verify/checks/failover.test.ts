/** `failover` against services whose truth is known: who takes over in time passes, who only recovers with the end of the fault never does. */
import { describe, expect, it } from 'vitest';
import { failover } from '../../../src/verify/checks/failover.js';
import { type HistoryExchange, recordOf, times } from '../../support/histories.js';
import { cellSeeds, seeds } from '../../support/simulated-cycles.js';
import { type FailoverCycle, failoverCycle, LEADER_LOST } from '../../support/simulated-failover.js';

const params = failover.schema.parse({ to: 'gateway', during: LEADER_LOST, within: '3s', maxUnavailable: '2.5s' });
const judged = (cycle: FailoverCycle) => failover.evaluate(params, failoverCycle(cycle));
function verdicts(cycle: Omit<FailoverCycle, 'seed'>, cycles = 200): Record<string, number> {
  const counts: Record<string, number> = { pass: 0, fail: 0, inconclusive: 0 };
  for (const seed of cellSeeds(cycles)) {
    const { verdict } = judged({ seed, ...cycle });
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return counts;
}

describe('failover against simulated services', () => {
  it('passes who takes over in time', () => {
    for (const tookOverMs of [0, 1_500]) {
      const { pass = 0, fail, inconclusive = 0 } = verdicts({ tookOverMs });
      expect(fail).toBe(0);
      expect(inconclusive / (pass + inconclusive)).toBeLessThanOrEqual(0.02);
    }
  }, 60_000);

  it.each([
    ['is late', { tookOverMs: 5_000 }],
    ['never takes over', { tookOverMs: 1e9 }],
    ['loses it again', { tookOverMs: 1_000, lostAgainMs: 4_500 }],
    ['leaves a third of the requests to fail', { tookOverMs: 1e9, lostRatio: 0.33 }],
    ['leaves a tenth of the requests to fail', { tookOverMs: 1e9, lostRatio: 0.1 }],
    ['is out for too long at a stretch', { tookOverMs: 2_700 }],
  ])(
    'never passes who %s',
    (_who, cycle) => {
      expect(verdicts(cycle)).toMatchObject({ pass: 0 });
    },
    60_000,
  );

  it('judges nothing without demand or without a fault that was felt', () => {
    for (const idle of [{ isIdle: true }, { isUnfelt: true }]) {
      for (const tookOverMs of [0, 1e9]) expect(verdicts({ tookOverMs, ...idle }, 60)).toMatchObject({ pass: 0, fail: 0 });
    }
  });

  it('dates the failover so that the truth lies within one window', () => {
    for (const seed of seeds(40)) {
      const [after, , outage] = judged({ seed, tookOverMs: 2_000 }).measurements;
      expect(after?.value).toBeGreaterThanOrEqual(1_500);
      expect(after?.value).toBeLessThanOrEqual(2_500);
      expect(outage?.interval?.[0]).toBeLessThanOrEqual(2_000);
      expect(outage?.interval?.[1]).toBeGreaterThanOrEqual(1_990);
    }
  });

  it('says who did not take over, and what else it may have been', () => {
    const never = judged({ seed: 3, tookOverMs: 1e9 });
    expect(never).toMatchObject({
      verdict: 'fail',
      summary: expect.stringMatching(/^load -> gateway: nobody took over: 0\.00 % succeeded/),
    });
    expect(never.evidence.length).toBe(10);
    const { alternatives } = judged({ seed: 3, tookOverMs: 0 });
    expect(alternatives?.[0]).toContain('nothing after its end was counted');
  });

  it('does not pass a failover that the fault was too short to show', () => {
    const longer = failover.schema.parse({ to: 'gateway', during: LEADER_LOST, within: '20s' });
    expect(failover.evaluate(longer, failoverCycle({ seed: 3, tookOverMs: 1e9 })).verdict).toBe('inconclusive');
  });
});

describe('failover where requests wait', () => {
  /** A request every 20 ms; `life` says what becomes of it. */
  const HELD = { fromMs: 12_000, instances: ['payments-1'] };
  const within5s = failover.schema.parse({ to: 'gateway', during: 'held', within: '5s', maxUnavailable: '6s' });
  const judgedHeld = (forMs: number, life: (startMs: number, healMs: number) => Partial<HistoryExchange>) => {
    const healMs = HELD.fromMs + forMs;
    const exchanges = times({ fromMs: 0, toMs: healMs + 4_000, everyMs: 20 }).map((startMs): HistoryExchange => {
      return { from: 'load', to: 'gateway-1', startMs, ...life(startMs, healMs) };
    });
    return failover.evaluate(within5s, recordOf({ exchanges, faults: [{ step: 'held', ...HELD, toMs: healMs }], baseline: [0, 12_000] }));
  };
  const isOn = (startMs: number, healMs: number): boolean => startMs >= HELD.fromMs && startMs < healMs;

  it('takes no answer that came with the end for one of somebody else', () => {
    const waits = (startMs: number, healMs: number) => (isOn(startMs, healMs) ? { endMs: healMs + 10 } : {});
    expect(judgedHeld(8_000, waits)).toMatchObject({
      verdict: 'fail',
      summary: expect.stringMatching(/nobody took over: 0\.00 % succeeded when the fault had been on for 6\.\d\ds/),
    });
  });

  it('does not call it a takeover when the patience of the load outlasts the fault', () => {
    const givesUp = (startMs: number, healMs: number): Partial<HistoryExchange> => {
      if (!isOn(startMs, healMs)) return {};
      return startMs + 10_000 < healMs ? { endMs: startMs + 10_000, end: 'timeout' } : { endMs: healMs + 10 };
    };
    expect(judgedHeld(20_000, givesUp)).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('nobody took over') });
  });

  it('does not blame what was under way as the fault ended, be it as slow as usual or as slow as with somebody else', () => {
    const slow = (startMs: number) => ({ endMs: startMs + 700 });
    const lost = (startMs: number) => ({ endMs: startMs + 50, status: 503 });
    const isLost = (startMs: number): boolean => startMs >= HELD.fromMs && startMs < HELD.fromMs + 2_000;
    expect(judgedHeld(10_000, (startMs) => (isLost(startMs) ? lost(startMs) : slow(startMs)))).toMatchObject({ verdict: 'pass' });
    const slowerLater = (startMs: number): Partial<HistoryExchange> => {
      if (isLost(startMs)) return lost(startMs);
      return startMs < HELD.fromMs ? {} : slow(startMs);
    };
    expect(judgedHeld(10_000, slowerLater)).toMatchObject({ verdict: 'pass' });
  });

  it('still sees that it is lost again while the fault is on', () => {
    const again = (startMs: number, healMs: number): Partial<HistoryExchange> => {
      if (!isOn(startMs, healMs)) return {};
      const sinceMs = startMs - HELD.fromMs;
      return sinceMs < 2_000 ? { endMs: startMs + 50, status: 503 } : sinceMs < 6_000 ? {} : { endMs: healMs + 10 };
    };
    expect(judgedHeld(10_000, again)).toMatchObject({ verdict: 'fail' });
  });
});
