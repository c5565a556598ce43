/** `circuitBreaker` against breakers whose truth is known: good ones never fail, bad ones never pass, idle ones are never judged. */
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../src/journal/record.js';
import type { Verdict } from '../../../src/verify/check.js';
import { circuitBreaker } from '../../../src/verify/checks/circuit-breaker.js';
import { breakerEpisodes } from '../../../src/verify/inference/breaker.js';
import { demandFor } from '../../../src/verify/inference/demand.js';
import { cutDial, type HistoryExchange, recordOf, times } from '../../support/histories.js';
import { type BreakerOptions, SimulatedThrottle } from '../../support/simulated-breaker.js';
import { breaker, breakerCycle, type CycleOptions, cellSeeds, drawFor, PAYMENTS_DOWN, seeds } from '../../support/simulated-cycles.js';

const CLOSES_WITHIN_MS = 5_000;
const params = circuitBreaker.schema.parse({
  from: 'gateway',
  to: 'payments',
  during: PAYMENTS_DOWN,
  opensWithin: '4s',
  leaksMax: 1,
  halfOpenTrials: { max: 3 },
  closesAfterHealWithin: `${CLOSES_WITHIN_MS}ms`,
  minDemand: 40,
});

type Options = Omit<BreakerOptions, 'draw'>;
const fixed = (waitMs: number) => () => waitMs;

const LIKE_OPOSSUM: Options = { trip: 'timeWindow', waitMs: fixed(1_500), permits: 1 };
const GOOD: Record<string, Options> = {
  'like opossum': LIKE_OPOSSUM,
  'five in a row': { trip: 'consecutive', waitMs: fixed(1_000), permits: 1 },
  'with back-off': { trip: 'consecutive', waitMs: (n) => Math.min(500 * 2 ** n, 4_000), permits: 1 },
  'with jitter': { trip: 'timeWindow', waitMs: (_n, draw) => 2_000 * (0.8 + 0.4 * draw()), permits: 1 },
  'with three permits': { trip: 'timeWindow', waitMs: fixed(1_500), permits: 3 },
};
const BAD: Record<string, Options> = {
  off: { ...LIKE_OPOSSUM, trip: 'never' },
  late: { ...LIKE_OPOSSUM, slowMs: 5_000 },
  'leaking 10 %': { ...LIKE_OPOSSUM, leakRatio: 0.1 },
  'leaking 3 %': { ...LIKE_OPOSSUM, leakRatio: 0.03 },
  'never closing': { ...LIKE_OPOSSUM, isStuck: true },
  'closing late': { ...LIKE_OPOSSUM, waitMs: fixed(15_500) },
};

function verdictOf(options: Options, cycle: CycleOptions): Verdict {
  return circuitBreaker.evaluate(params, breaker(options, cycle).record).verdict;
}

describe('circuitBreaker against simulated breakers', () => {
  it('agrees with the truth on good breakers', () => {
    const verdicts = seeds(40).flatMap((seed) =>
      Object.entries(GOOD).map(([name, options]) => {
        const { subject, record, fault } = breaker(options, { seed });
        // Noise that hits the first trial after healing makes even a good breaker late: then `fail` is the truth.
        const isTrue = (subject.truth.closedMs.at(-1) ?? Number.POSITIVE_INFINITY) - fault.toMs < CLOSES_WITHIN_MS - 100;
        return { cycle: `${name} ${seed}`, verdict: circuitBreaker.evaluate(params, record).verdict, isTrue };
      }),
    );
    const kept = verdicts.filter((v) => v.isTrue);
    expect(kept.filter((v) => v.verdict === 'fail')).toEqual([]);
    expect(kept.filter((v) => v.verdict !== 'pass').length / kept.length).toBeLessThanOrEqual(0.02);
    expect(verdicts.length).toBeGreaterThanOrEqual(200);
    expect(kept.length).toBeGreaterThanOrEqual(190);
  }, 60_000);

  it('never passes a bad one', () => {
    const passed = cellSeeds(34).flatMap((seed) =>
      Object.entries(BAD).flatMap(([name, options]) => (verdictOf(options, { seed }) === 'pass' ? [`${name} ${seed}`] : [])),
    );
    expect(passed).toEqual([]);
  }, 60_000);

  it('holds the time that it stays open against what is expected of it', () => {
    const held = (openFor: { min?: string; max?: string }, options: Options) =>
      seeds(40).map((seed) => {
        const promise = circuitBreaker.schema.parse({ from: 'gateway', to: 'payments', during: PAYMENTS_DOWN, opensWithin: '4s', openFor });
        const { measurements } = circuitBreaker.evaluate(promise, breaker(options, { seed }).record);
        return measurements.find(({ name }) => name === 'open before each trial')?.met;
      });
    expect(new Set(held({ min: '1500ms', max: '1500ms' }, LIKE_OPOSSUM))).toEqual(new Set([true]));
    expect(new Set(held({ min: '2s' }, LIKE_OPOSSUM))).toEqual(new Set([false]));
    expect(new Set(held({ max: '1s' }, LIKE_OPOSSUM))).toEqual(new Set([false]));
    // Nobody sees for how long a breaker stays open that never tries.
    expect(new Set(held({ min: '1s' }, { ...LIKE_OPOSSUM, isStuck: true }))).toEqual(new Set([null]));
  });

  it('says what is wrong with each bad one', () => {
    const summaries = Object.fromEntries(
      Object.entries(BAD).map(([name, options]) => [name, circuitBreaker.evaluate(params, breaker(options, { seed: 7 }).record)]),
    );
    expect(summaries['off']).toMatchObject({
      verdict: 'fail',
      summary: expect.stringContaining('gateway-1 -> payments: never opened: 500 requests'),
    });
    expect(summaries['late']?.summary).toMatch(/opened 6\.\d+s.* after the fault began, .* too late for the limit of 4\.00s/);
    expect(summaries['leaking 10 %']?.summary).toMatch(/\d+ of \d+ requests leaked/);
    expect(summaries['never closing']?.summary).toMatch(/still open .* after the fault had ended/);
    expect(summaries['closing late']?.summary).toMatch(/closed 6\.\d+s.* after the fault had ended \(limit 5\.00s\)/);
  });

  it('never passes a throttle or a rate limiter', () => {
    for (const passRatio of [0.1, 0.3, 0.5]) {
      for (const seed of seeds(10)) {
        const cycle = breakerCycle(new SimulatedThrottle({ draw: drawFor(seed), passRatio }), { seed });
        expect(circuitBreaker.evaluate(params, cycle.record).verdict, `ratio ${passRatio}, seed ${seed}`).not.toBe('pass');
      }
    }
  });

  it('judges nothing when nobody asked, or when the fault was not felt', () => {
    for (const [name, options] of Object.entries({ ...GOOD, ...BAD })) {
      for (const seed of seeds(4)) {
        expect(verdictOf(options, { seed, isIdle: true }), `${name} ${seed} idle`).toBe('inconclusive');
        expect(verdictOf(options, { seed, isUnfelt: true }), `${name} ${seed} unfelt`).toBe('inconclusive');
      }
    }
  });

  it('dates opening and closing so that the truth lies in its intervals, and counts trials exactly', () => {
    const over = seeds(30);
    let exact = 0;
    for (const options of Object.values(GOOD)) {
      for (const seed of over) {
        const { subject, record } = breaker(options, { seed });
        const view = demandFor(record, { caller: { service: 'gateway' }, callee: 'payments', baseline: { fromMs: 0, toMs: 8_000 } });
        const episodes = view.kind === 'joined' ? breakerEpisodes(view.requests, view.reach) : [];
        const { truth } = subject;
        expect(episodes.length, `seed ${seed}`).toBe(1);
        expect(truth.openedMs[0]).toBeGreaterThanOrEqual(episodes[0]?.opened[0] ?? Number.NaN);
        expect(truth.openedMs[0]).toBeLessThanOrEqual(episodes[0]?.opened[1] ?? Number.NaN);
        expect(truth.closedMs.at(-1)).toBeGreaterThanOrEqual(episodes[0]?.closed?.[0] ?? Number.NaN);
        expect(truth.closedMs.at(-1)).toBeLessThanOrEqual(episodes[0]?.closed?.[1] ?? Number.NaN);
        const trials = episodes[0]?.trials.map((trial) => trial.passes.length) ?? [];
        exact += trials.join() === truth.trials.join() && episodes[0]?.leaks.length === 0 ? 1 : 0;
      }
    }
    expect(exact / (over.length * Object.keys(GOOD).length)).toBeGreaterThanOrEqual(0.97);
  }, 60_000);
});

/** A breaker written by hand: pays every 20 ms; the fault is on from 8 s to 14 s; open from 8.2 s, a trial every 2 s, closed after 14.3 s. */
function literal({ token = true, key = true, passes = (ms: number) => ms < 8_200 || ms >= 14_300 || [10_200, 12_200].includes(ms) } = {}) {
  return times({ fromMs: 0, toMs: 24_000, everyMs: 20 }).flatMap((startMs, i): HistoryExchange[] => {
    const words = { ...(token && { token: `t${i}` }), path: key ? `/pay/k${i}` : '/pay' };
    const isFaulted = startMs >= 8_000 && startMs < 14_000;
    const load: HistoryExchange = { from: 'load', to: 'gateway-1', route: 'pay', startMs, ...words };
    const attempt: HistoryExchange = {
      from: 'gateway-1',
      to: 'payments-1',
      startMs: startMs + 1,
      endMs: startMs + 3,
      ...words,
      ...(isFaulted && { status: 503, applied: [`r/${PAYMENTS_DOWN}`] }),
    };
    return passes(startMs) ? [load, attempt] : [load];
  });
}
const downFrom8To14 = [{ step: PAYMENTS_DOWN, fromMs: 8_000, toMs: 14_000, instances: ['payments-1'] }];

describe('circuitBreaker on a history written by hand', () => {
  it('finds opening, trials and closing, with the events that prove it', () => {
    const judgement = circuitBreaker.evaluate(params, recordOf({ exchanges: literal(), faults: downFrom8To14 }));
    expect(judgement.verdict).toBe('pass');
    expect(judgement.correlation).toBe('C2');
    const values = Object.fromEntries(judgement.measurements.map((m) => [m.name, m.value]));
    expect(values).toMatchObject({
      'opens after': 204,
      'leaks while open': 0,
      'trials while half-open': 1,
      'closes after healing': 321,
      'faulted attempts': 12,
      'turned away while open': 303,
      reopenings: 2,
    });
    expect(judgement.evidence.length).toBeLessThanOrEqual(10);
    expect(judgement.lanes?.[0]?.segments.map((s) => s.state)).toEqual([
      'closed',
      'open',
      'halfOpen',
      'open',
      'halfOpen',
      'open',
      'halfOpen',
      'closed',
    ]);
    expect(judgement.alternatives?.join('\n')).toContain('no demand: ruled out, 303 requests');
  });

  it('joins by the unique key in the path when no token crosses', () => {
    const judgement = circuitBreaker.evaluate(params, recordOf({ exchanges: literal({ token: false }), faults: downFrom8To14 }));
    expect(judgement).toMatchObject({ verdict: 'pass', correlation: 'C1' });
  });

  it('without any correlation judges times, but neither leaks nor trials', () => {
    const record = recordOf({ exchanges: literal({ token: false, key: false }), faults: downFrom8To14 });
    expect(circuitBreaker.evaluate(params, record)).toMatchObject({ verdict: 'inconclusive', correlation: 'C0' });
    const { leaksMax: _leaks, halfOpenTrials: _trials, ...timesOnly } = params;
    expect(circuitBreaker.evaluate(timesOnly, record)).toMatchObject({ verdict: 'pass', correlation: 'C0' });
    const off = recordOf({ exchanges: literal({ token: false, key: false, passes: () => true }), faults: downFrom8To14 });
    expect(circuitBreaker.evaluate(timesOnly, off)).toMatchObject({ verdict: 'fail', correlation: 'C0' });
  });

  it('counts a request through an open breaker as a leak when no trial was due', () => {
    const leaky = (ms: number) => ms < 8_200 || ms >= 14_300 || [10_200, 10_400, 11_000, 12_200].includes(ms);
    const judgement = circuitBreaker.evaluate(params, recordOf({ exchanges: literal({ passes: leaky }), faults: downFrom8To14 }));
    expect(judgement.verdict).toBe('fail');
    expect(judgement.summary).toContain('2 of 303 requests leaked');
  });

  it('what a cache answers makes no trial of what came after the one that closed it', () => {
    const passes = (ms: number) => ms < 8_200 || [10_200, 12_200, 14_300].includes(ms) || ms > 14_320;
    const { summary } = circuitBreaker.evaluate(params, recordOf({ exchanges: literal({ passes }), faults: downFrom8To14 }));
    expect(summary).toContain('0 of 304 requests leaked while it was open; half-open 3 times with at most 1 requests at a time');
  });

  it.each([12, 10])('a cache that answers every %ith request makes no breaker that is always half open', (every) => {
    const isAsked = (ms: number) => ms < 8_200 || ms >= 14_300 || [10_200, 12_200].includes(ms);
    const passes = (ms: number) => isAsked(ms) && (ms / 20 + 3) % every !== 0;
    const judgement = circuitBreaker.evaluate(params, recordOf({ exchanges: literal({ passes }), faults: downFrom8To14 }));
    expect(judgement).toMatchObject({ verdict: 'pass', summary: expect.stringContaining('half-open 3 times') });
  });

  it('what a cache answers makes no leaks of trials that belong together', () => {
    const starts = [9_200, 10_200, 11_200, 12_200, 13_200];
    const isTrial = (ms: number) => starts.some((fromMs) => ms >= fromMs && ms < fromMs + (fromMs === 11_200 ? 100 : 60));
    const passes = (ms: number) => ms < 8_200 || ms >= 14_300 || (isTrial(ms) && ms !== 11_220 && ms !== 11_260);
    const { summary } = circuitBreaker.evaluate(params, recordOf({ exchanges: literal({ passes }), faults: downFrom8To14 }));
    expect(summary).toContain('half-open 6 times with at most 3 requests at a time');
  });

  it('does not count requests that were under way when it opened', () => {
    const straggling = literal().map((e) => (e.from === 'load' && e.startMs === 8_200 ? { ...e, endMs: 8_900 } : e));
    const late: HistoryExchange[] = [{ from: 'gateway-1', to: 'payments-1', startMs: 8_203, token: 't410', status: 503 }];
    const judgement = circuitBreaker.evaluate(params, recordOf({ exchanges: [...straggling, ...late], faults: downFrom8To14 }));
    expect(judgement.verdict).toBe('pass');
  });

  it.each([
    ['its fault was never on', { faults: [] }, 'never on'],
    ['its fault has no end', { faults: [{ ...downFrom8To14[0], toMs: undefined }] }, 'does not say when'],
    ['its fault was applied to nothing', { faults: [{ ...downFrom8To14[0], applied: 0 }] }, 'was not felt'],
    ['the baseline is missing', { baseline: [0, 0] as const }, 'fewer than 20 load requests'],
    ['there is too little demand', { params: { minDemand: 1_000 } }, '1000 are needed'],
    ['it was open before', { passes: (ms: number) => ms < 7_000 || ms >= 14_300 }, 'was open already'],
    ['the fault was shorter than the limit', { params: { opensWithin: 20_000 }, passes: () => true }, 'only 6.00s of the 20.00s allowed'],
  ])('is inconclusive when %s', (_why, given, reason) => {
    const { params: more, passes, ...history } = given as { params?: object; passes?: (ms: number) => boolean };
    const exchanges = literal(passes === undefined ? {} : { passes });
    const judgement = circuitBreaker.evaluate({ ...params, ...more }, recordOf({ exchanges, faults: downFrom8To14, ...history }));
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.summary).toContain(reason);
  });

  it('does not take a caller that is down for a breaker that is open', () => {
    const exchanges = literal().map((e) =>
      e.from === 'load' && e.startMs >= 8_200 && e.startMs < 14_300 ? { ...e, end: 'connectFailed' as const } : e,
    );
    const judgement = circuitBreaker.evaluate(params, recordOf({ exchanges, faults: downFrom8To14 }));
    expect(judgement).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('may have been down itself') });
  });

  it('does not count health checks as attempts', () => {
    const probes = times({ fromMs: 8_200, toMs: 14_000, everyMs: 100 }).map(
      (startMs): HistoryExchange => ({
        from: 'gateway-1',
        to: 'payments-1',
        startMs,
        path: '/health',
        token: `t${Math.round(startMs / 20)}`,
      }),
    );
    expect(circuitBreaker.evaluate(params, recordOf({ exchanges: [...literal(), ...probes], faults: downFrom8To14 })).verdict).toBe('pass');
  });

  it('judges each instance of the caller by itself', () => {
    const second = literal({ passes: () => true }).map((e) => ({
      ...e,
      from: e.from === 'load' ? 'load' : 'gateway-2',
      to: e.to === 'gateway-1' ? 'gateway-2' : e.to,
      token: `second-${e.token}`,
    }));
    const record = recordOf({ exchanges: [...literal(), ...second], faults: downFrom8To14, gateways: ['gateway-1', 'gateway-2'] });
    const judgement = circuitBreaker.evaluate(params, record);
    expect(judgement.verdict).toBe('fail');
    expect(judgement.summary).toContain('gateway-2 -> payments: never opened');
    expect(judgement.summary).not.toContain('gateway-1');
  });

  it('gives the same judgement for the same record', () => {
    const record = recordOf({ exchanges: literal(), faults: downFrom8To14 });
    expect(circuitBreaker.evaluate(params, record)).toEqual(circuitBreaker.evaluate(params, record));
  });
});

/** As `literal`, before a fault that cuts every dial: of what is asked while it is on, a connection without a request is all that is seen. */
function dialling(
  passes: (ms: number) => boolean,
  { dialMs = 1, applied = true, words = {} as { token?: boolean; key?: boolean } } = {},
): RunRecord {
  const isCut = (ms: number): boolean => ms >= 8_000 && ms < 14_000;
  const all = literal({ ...words, passes });
  const exchanges = all.filter(({ from, startMs }) => from === 'load' || !isCut(startMs));
  const record = recordOf({ exchanges, faults: downFrom8To14 });
  const asked = all.filter(({ from, startMs }) => from !== 'load' && isCut(startMs));
  const fault = applied ? `r/${PAYMENTS_DOWN}` : undefined;
  const connections = asked.map((one) => cutDial({ ...one, startMs: one.startMs - 1 + dialMs }, fault));
  return { ...record, connections };
}

describe('circuitBreaker before a fault that cuts every dial', () => {
  it.each([true, false])('does not take refused dials for a breaker (the fault names itself: %s)', (applied) => {
    expect(
      circuitBreaker.evaluate(
        params,
        dialling(() => true, { applied }),
      ),
    ).toMatchObject({
      verdict: 'fail',
      summary: expect.stringContaining(
        'never opened: 300 requests needed it while the fault was on, 300 faulted attempts crossed the wire',
      ),
    });
  });

  it('passes a breaker that stops dialling, but for its trials, and dates it by the dials', () => {
    const judgement = circuitBreaker.evaluate(
      params,
      dialling((ms) => ms < 8_200 || ms >= 14_300 || [10_200, 12_200].includes(ms)),
    );
    expect(judgement.verdict).toBe('pass');
    const values = Object.fromEntries(judgement.measurements.map((m) => [m.name, m.value]));
    expect(values).toMatchObject({ 'opens after': 204, 'leaks while open': 0, 'faulted attempts': 12, 'turned away while open': 303 });
  });

  it('fails one that stops dialling too late', () => {
    const { verdict, summary } = circuitBreaker.evaluate(
      params,
      dialling((ms) => ms < 13_000 || ms >= 14_300),
    );
    expect(verdict).toBe('fail');
    expect(summary).toContain('too late for the limit of 4.00s');
  });

  it('calls nobody leaky for single dials, which may be of a pool or a health check', () => {
    const leaky = (ms: number): boolean => ms < 8_200 || ms >= 14_300 || [10_200, 10_400, 11_000, 12_200].includes(ms);
    expect(circuitBreaker.evaluate(params, dialling(leaky))).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('2 of 303 requests leaked while it was open, which decides nothing: the fault cut 14 connections'),
    });
  });

  it('does not judge a caller that dials when no request waits', () => {
    expect(
      circuitBreaker.evaluate(
        params,
        dialling(() => true, { dialMs: 10 }),
      ),
    ).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('the fault cut 300 connections from gateway-1 to payments while no request waited'),
    });
  });

  it('counts dials over time where nothing joins them', () => {
    const { leaksMax: _leaks, halfOpenTrials: _trials, ...timesOnly } = params;
    const words = { token: false, key: false };
    expect(
      circuitBreaker.evaluate(
        timesOnly,
        dialling(() => true, { words }),
      ),
    ).toMatchObject({ verdict: 'fail', correlation: 'C0' });
    const stops = (ms: number): boolean => ms < 8_200 || ms >= 14_300;
    expect(circuitBreaker.evaluate(timesOnly, dialling(stops, { words }))).toMatchObject({ verdict: 'pass', correlation: 'C0' });
  });
});
