/** `outlierEjection` against ejectors whose truth is known: good ones never fail, bad ones never pass, idle ones are never judged. */
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/verify/check.js';
import { outlierEjection } from '../../../src/verify/checks/outlier-ejection.js';
import { ejectionHistories } from '../../../src/verify/inference/ejection.js';
import { cutDial, type HistoryExchange, type HistoryFault, INVENTORY, recordOf, times } from '../../support/histories.js';
import { BAD_HOST, type CycleOptions, cellSeeds, ejector, HOST_GOES_GRAY, seeds } from '../../support/simulated-cycles.js';
import type { EjectorOptions } from '../../support/simulated-ejector.js';
import { ejectorSweep, STEPS } from '../../support/simulated-sweep.js';

const LIMIT_MS = 6_000;
const params = outlierEjection.schema.parse({
  from: 'gateway',
  to: 'inventory',
  during: HOST_GOES_GRAY,
  expect: [BAD_HOST],
  detectWithin: '6s',
  falsePositives: 0,
  minDemandPerHost: 30,
  returnsWithin: '15s',
});

type Options = Omit<EjectorOptions, 'draw'>;
const ROUND_ROBIN: Options = { pick: 'roundRobin', errorsInARow: 3, baseMs: 3_000 };
const GOOD: Record<string, Options> = {
  'round robin': ROUND_ROBIN,
  'random picks': { ...ROUND_ROBIN, pick: 'random' },
  'five in a row': { ...ROUND_ROBIN, errorsInARow: 5, baseMs: 2_000 },
  'one error': { ...ROUND_ROBIN, errorsInARow: 1, baseMs: 1_500 },
};
const BAD: Record<string, Options> = {
  off: { ...ROUND_ROBIN, errorsInARow: Number.POSITIVE_INFINITY },
  late: { ...ROUND_ROBIN, slowMs: 7_000 },
  'wrong host': { ...ROUND_ROBIN, offBy: 1 },
  'takes the neighbour too': { ...ROUND_ROBIN, isHasty: true },
  'never readmits': { ...ROUND_ROBIN, neverReadmits: true },
  'only prefers others': { ...ROUND_ROBIN, pick: 'random', errorsInARow: Number.POSITIVE_INFINITY, preferRatio: 0.2 },
  'strongly prefers others': { ...ROUND_ROBIN, pick: 'random', errorsInARow: Number.POSITIVE_INFINITY, preferRatio: 0.05 },
};

function judged(options: Options, cycle: CycleOptions & { badRatio?: number; hangs?: boolean }) {
  const result = ejector(options, cycle);
  return { ...result, judgement: outlierEjection.evaluate(params, result.record) };
}

describe('outlierEjection against simulated ejectors', () => {
  it('agrees with the truth on good ejectors', () => {
    const verdicts: { cycle: string; verdict: Verdict; isTrue: boolean }[] = [];
    for (const seed of seeds(50)) {
      for (const [name, options] of Object.entries(GOOD)) {
        const { subject, fault, judgement } = judged(options, { seed, badRatio: [0.6, 0.8, 1][seed % 3] ?? 1, hangs: seed % 2 === 0 });
        // With luck against it even a good ejector is late, or noise makes it eject a healthy host: then `fail` is the truth.
        const first = subject.truth.find((e) => e.instance === BAD_HOST && e.fromMs >= fault.fromMs);
        const isInTime = first !== undefined && first.fromMs - fault.fromMs <= LIMIT_MS - 200;
        const isTrue = isInTime && subject.truth.every((e) => e.instance === BAD_HOST && e.fromMs >= fault.fromMs);
        verdicts.push({ cycle: `${name} ${seed}`, verdict: judgement.verdict, isTrue });
      }
    }
    const kept = verdicts.filter((v) => v.isTrue);
    expect(kept.filter((v) => v.verdict === 'fail')).toEqual([]);
    expect(kept.filter((v) => v.verdict !== 'pass').length / kept.length).toBeLessThanOrEqual(0.02);
    expect(verdicts.length).toBeGreaterThanOrEqual(200);
    expect(kept.length).toBeGreaterThan(130);
  }, 60_000);

  it('never passes a bad one', () => {
    const passed: string[] = [];
    for (const seed of cellSeeds(30)) {
      for (const [name, options] of Object.entries(BAD)) {
        if (judged(options, { seed }).judgement.verdict === 'pass') passed.push(`${name} ${seed}`);
      }
    }
    expect(passed).toEqual([]);
  }, 60_000);

  it('names who was never ejected, and who was by mistake', () => {
    expect(judged({ ...ROUND_ROBIN, errorsInARow: Number.POSITIVE_INFINITY }, { seed: 3 }).judgement.summary).toMatch(
      /^inventory-3 was never ejected: \d+ requests reached it while the fault was on, \d+ of them faulted, longest silence \d+ms$/,
    );
    expect(judged({ ...ROUND_ROBIN, offBy: 1 }, { seed: 3 }).judgement.summary).toContain(
      'inventory-4 was ejected although nothing was done to it',
    );
    expect(judged({ ...ROUND_ROBIN, slowMs: 7_000 }, { seed: 3 }).judgement.summary).toContain('too late for the limit of 6.00s');
    expect(judged({ ...ROUND_ROBIN, neverReadmits: true }, { seed: 3 }).judgement.summary).toContain('inventory-3 was still out');
  });

  it('says whose ejection it looks like, where a host was out often enough', () => {
    const told = (baseMs: number, percentage: number) => {
      const record = ejectorSweep({ ...ROUND_ROBIN, errorsInARow: 5, baseMs }, { seed: 2, percentages: [percentage], levelMs: 25_000 });
      const { measurements } = outlierEjection.evaluate({ ...params, during: STEPS([percentage])[0] ?? '' }, record);
      return measurements.find(({ name }) => name === 'inventory-3: ejected like by')?.value;
    };
    // Out for 2 s, 4 s, 6 s, 8 s, and never for a trial alone.
    expect(told(2_000, 100)).toBe('Envoy by failures in a row');
    expect(told(9_000, 100)).toBeUndefined();
  });

  it('judges nothing when nobody asked, or when the fault was not felt', () => {
    for (const [name, options] of Object.entries({ ...GOOD, ...BAD })) {
      for (const seed of seeds(4)) {
        expect(judged(options, { seed, isIdle: true }).judgement.verdict, `${name} ${seed} idle`).toBe('inconclusive');
        expect(judged(options, { seed, isUnfelt: true }).judgement.verdict, `${name} ${seed} unfelt`).toBe('inconclusive');
      }
    }
  });

  it('dates ejections so that the truth lies in its intervals', () => {
    let found = 0;
    let missed = 0;
    for (const seed of seeds(40)) {
      for (const pick of ['roundRobin', 'random'] as const) {
        const { subject, record } = judged({ ...ROUND_ROBIN, pick }, { seed });
        const requests = record.exchanges.filter((e) => e.from !== 'load');
        const histories = ejectionHistories({ requests, instances: INVENTORY, baseline: { fromMs: 0, toMs: 8_000 } });
        const seen = histories.find((h) => h.instance === BAD_HOST)?.ejections ?? [];
        for (const truth of subject.truth.filter((e) => e.instance === BAD_HOST)) {
          const match = seen.some(
            (e) =>
              e.started[0] - 5 <= truth.fromMs && truth.fromMs <= e.started[1] && truth.toMs <= (e.ended?.[1] ?? Number.POSITIVE_INFINITY),
          );
          if (match) found++;
          else missed++;
        }
      }
    }
    expect(found).toBeGreaterThan(100);
    // A random picker comes back within the stated resolution with 95 %, not always.
    expect(missed / (found + missed)).toBeLessThan(0.04);
  });
});

/** Five hosts in turn, one request every 10 ms for 30 s; `isOut` says who is passed by, when. */
function inTurn(isOut: (host: string, ms: number) => boolean, faulted: (host: string, ms: number) => boolean): HistoryExchange[] {
  let turn = 0;
  return times({ fromMs: 0, toMs: 30_000, everyMs: 10 }).flatMap((startMs): HistoryExchange[] => {
    for (let tries = 0; tries < INVENTORY.length; tries++) {
      const host = INVENTORY[turn++ % INVENTORY.length] ?? '';
      if (isOut(host, startMs)) continue;
      const bad = faulted(host, startMs) ? { status: 503, applied: [`r/${HOST_GOES_GRAY}`] } : {};
      return [{ from: 'gateway-1', to: host, startMs, path: '/stock/1', ...bad }];
    }
    return [];
  });
}
const grayFrom9To15: HistoryFault[] = [{ step: HOST_GOES_GRAY, fromMs: 9_000, toMs: 15_000, instances: [BAD_HOST] }];
const isGray = (host: string, ms: number): boolean => host === BAD_HOST && ms >= 9_000 && ms < 15_000;
const outFrom10To16 = (host: string, ms: number): boolean => host === BAD_HOST && ms >= 10_000 && ms < 16_000;

describe('outlierEjection on a history written by hand', () => {
  it('finds when the host went and came back, with the events that prove it', () => {
    const record = recordOf({ exchanges: inTurn(outFrom10To16, isGray), faults: grayFrom9To15 });
    const judgement = outlierEjection.evaluate(params, record);
    expect(judgement.verdict).toBe('pass');
    const [detected, returned, mistakes] = judgement.measurements;
    expect(detected).toMatchObject({ name: 'inventory-3: ejected after', unit: 'ms', met: true, limit: '<= 6.00s' });
    expect(detected?.interval?.[0]).toBeCloseTo(970, -2);
    expect(returned).toMatchObject({ name: 'inventory-3: back after', met: true });
    expect(returned?.value).toBeCloseTo(1_010, -2);
    expect(mistakes).toMatchObject({ value: 0, met: true });
    const shown = record.exchanges.filter((e) => judgement.evidence.includes(e.n));
    expect(shown.every((e) => e.to === BAD_HOST)).toBe(true);
    expect(shown.length).toBe(3);
    expect(judgement.lanes?.find((lane) => lane.subject === BAD_HOST)?.segments.map((s) => s.state)).toEqual(['in', 'ejected', 'in']);
  });

  it('does not call it ejection when everybody went quiet', () => {
    const pause = (_host: string, ms: number): boolean => ms >= 10_000 && ms < 14_500;
    const judgement = outlierEjection.evaluate(params, recordOf({ exchanges: inTurn(pause, isGray), faults: grayFrom9To15 }));
    expect(judgement.verdict).toBe('fail');
    expect(judgement.summary).toContain('inventory-3 was never ejected');
  });

  it('leaves it open when a silence in time is no chance, but too short to tell an ejection from a share that dipped', () => {
    const briefly = (host: string, ms: number): boolean => host === BAD_HOST && ms >= 10_000 && ms < 10_850;
    const judgement = outlierEjection.evaluate(params, recordOf({ exchanges: inTurn(briefly, isGray), faults: grayFrom9To15 }));
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.summary).toMatch(
      /inventory-3 fell silent 9\d\dms after the fault began, while \d+ requests passed it by: 9\d are needed/,
    );
  });

  it('leaves it open when a host gets single requests that no silence is between, as of two workers with a view each', () => {
    const triedInTurn = (host: string, ms: number): boolean => host === BAD_HOST && ms >= 9_300 && ms < 16_000 && ms % 500 >= 50;
    const record = recordOf({ exchanges: inTurn(triedInTurn, isGray), faults: grayFrom9To15 });
    const judgement = outlierEjection.evaluate({ ...params, detectWithin: 2_000 }, record);
    expect(judgement).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('got next to nothing from 2.00s') });
  });

  it('takes a trickle after a silence for a slow start only where one is declared', () => {
    // Back at 13 s with every tenth turn, in full use again at 15 s.
    const slowly = (host: string, ms: number): boolean =>
      host === BAD_HOST && ms >= 10_000 && (ms < 13_000 || (ms < 15_000 && ms % 500 >= 50));
    const record = recordOf({ exchanges: inTurn(slowly, isGray), faults: grayFrom9To15 });
    expect(outlierEjection.evaluate(params, record)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('a slow start that is declared would explain it'),
    });
    const declared = { ...params, preset: { haproxy: { onError: 'mark-down', slowstart: '2s' } } };
    expect(
      outlierEjection.evaluate(outlierEjection.schema.parse({ ...declared, detectWithin: '6s', returnsWithin: '15s' }), record).verdict,
    ).toBe('pass');
  });

  it('does not blame a host for the silence that another fault put on it', () => {
    const both = (host: string, ms: number): boolean => outFrom10To16(host, ms) || (host === 'inventory-5' && ms >= 20_500 && ms < 24_000);
    const faults: HistoryFault[] = [...grayFrom9To15, { step: 'cut', fromMs: 20_000, toMs: 23_000, instances: ['inventory-5'] }];
    expect(outlierEjection.evaluate(params, recordOf({ exchanges: inTurn(both, isGray), faults })).verdict).toBe('pass');
    const unexplained = recordOf({ exchanges: inTurn(both, isGray), faults: grayFrom9To15 });
    expect(outlierEjection.evaluate(params, unexplained).summary).toContain('inventory-5 was ejected although nothing was done to it');
  });

  it('does not pass over a healthy host that was ejected as the fault began, though its last request was before', () => {
    const judgedWith = (outMs: number) => {
      const isOut = (host: string, ms: number): boolean =>
        outFrom10To16(host, ms) || (host === 'inventory-4' && ms >= outMs && ms < outMs + 4_000);
      return outlierEjection.evaluate(params, recordOf({ exchanges: inTurn(isOut, isGray), faults: grayFrom9To15 }));
    };
    expect(judgedWith(8_990)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('inventory-4 was ejected as the fault began, or right before it, although nothing was done to it'),
    });
    expect(judgedWith(9_100).verdict).toBe('fail');
    expect(judgedWith(3_000).verdict).toBe('pass');
  });

  it('does not take two ejections for one because the first began before the fault', () => {
    const judgedWith = (fromMs: number, toMs: number) => {
      const isOut = (host: string, ms: number): boolean => outFrom10To16(host, ms) || (host === 'inventory-4' && ms >= fromMs && ms < toMs);
      return outlierEjection.evaluate(params, recordOf({ exchanges: inTurn(isOut, isGray), faults: grayFrom9To15 }));
    };
    // The bad host was out for six seconds: what is out for longer than that after the fault began was ejected in it.
    expect(judgedWith(7_000, 16_500)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('inventory-4 was out before the fault, and then for so long that it must have been ejected anew'),
    });
    expect(judgedWith(7_000, 13_000).verdict).toBe('pass');
  });

  it.each([
    ['its fault was never on', { faults: [] }, 'never on'],
    ['its fault has no end', { faults: [{ ...grayFrom9To15[0], toMs: undefined }] }, 'does not say when'],
    ['the hosts had too little to do', { params: { minDemandPerHost: 500 } }, '500 of each are needed'],
    [
      'the host was out before',
      { isOut: (host: string, ms: number) => host === BAD_HOST && ms >= 7_000 && ms < 14_000 },
      'was out already',
    ],
    ['the fault was shorter than the limit', { params: { detectWithin: 8_000 }, isOut: () => false }, 'only 6.00s of the 8.00s allowed'],
    [
      'the traffic ends before it must be back',
      { isOut: (host: string, ms: number) => host === BAD_HOST && ms >= 10_000, params: { returnsWithin: 20_000 } },
      'does not show',
    ],
    ['nobody of that name is called', { params: { expect: ['inventory-9'] } }, 'none of the instances'],
  ])('is inconclusive when %s', (_why, given, reason) => {
    const { params: more, isOut = outFrom10To16, ...history } = given as { params?: object; isOut?: typeof outFrom10To16 };
    const record = recordOf({ exchanges: inTurn(isOut, isGray), faults: grayFrom9To15, ...history });
    const judgement = outlierEjection.evaluate({ ...params, ...more }, record);
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.summary).toContain(reason);
  });

  it('health checks on a host that is out do not hide that it is out', () => {
    const probes = times({ fromMs: 0, toMs: 30_000, everyMs: 200 }).map(
      (startMs): HistoryExchange => ({ from: 'gateway-1', to: BAD_HOST, startMs, path: '/health?deep=1' }),
    );
    const judgement = outlierEjection.evaluate(
      params,
      recordOf({ exchanges: [...inTurn(outFrom10To16, isGray), ...probes], faults: grayFrom9To15 }),
    );
    expect(judgement.verdict).toBe('pass');
    expect(judgement.alternatives?.join('\n')).toMatch(/active health checks: ruled out for inventory-3, all \d+ succeeded/);
  });
});

/** As `inTurn`, before a fault that cuts every dial to the bad host: a connection without a request is all that is seen of them. */
function dialling(isOut: (host: string, ms: number) => boolean, applied?: string) {
  const all = inTurn(isOut, () => false);
  const exchanges = all.filter(({ to, startMs }) => !isGray(to, startMs));
  const connections = all.filter(({ to, startMs }) => isGray(to, startMs)).map((dial) => cutDial(dial, applied));
  return { ...recordOf({ exchanges, faults: grayFrom9To15 }), connections };
}

describe('outlierEjection before a fault that cuts every dial', () => {
  it.each([`r/${HOST_GOES_GRAY}`, undefined])('does not take refused dials for an ejection (fault named: %s)', (applied) => {
    expect(
      outlierEjection.evaluate(
        params,
        dialling(() => false, applied),
      ),
    ).toMatchObject({
      verdict: 'fail',
      summary: expect.stringContaining(
        'inventory-3 was never ejected: 120 requests reached it while the fault was on, 120 of them faulted',
      ),
    });
  });

  it('passes a caller that stops dialling, and fails one that stops too late', () => {
    const { verdict, measurements } = outlierEjection.evaluate(params, dialling(outFrom10To16));
    expect(verdict).toBe('pass');
    expect(measurements[0]?.interval?.[0]).toBeCloseTo(970, -2);
    expect(outlierEjection.evaluate({ ...params, detectWithin: 500 }, dialling(outFrom10To16)).verdict).toBe('fail');
  });

  it('leaves it open where single dials went on, as of a health check that asks nothing', () => {
    const checked = (host: string, ms: number): boolean => host === BAD_HOST && ms >= 9_300 && ms < 16_000 && ms % 500 >= 50;
    expect(outlierEjection.evaluate({ ...params, detectWithin: 2_000 }, dialling(checked)).verdict).toBe('inconclusive');
  });
});
