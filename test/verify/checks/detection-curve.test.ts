/** `detectionCurve` over sweeps before defences whose threshold is known, and before one that never notices. */
import { describe, expect, it } from 'vitest';
import { ExchangeColumns } from '../../../src/journal/columns/exchange-columns.js';
import { Exchanges } from '../../../src/journal/exchanges.js';
import type { RecordedExchange, RunRecord } from '../../../src/journal/record.js';
import type { Judgement } from '../../../src/verify/check.js';
import { detectionCurve } from '../../../src/verify/checks/detection-curve.js';
import { cutDial } from '../../support/histories.js';
import type { BreakerOptions } from '../../support/simulated-breaker.js';
import { BAD_HOST, cellSeeds } from '../../support/simulated-cycles.js';
import type { EjectorOptions } from '../../support/simulated-ejector.js';
import { breakerSweep, ejectorSweep, STEPS } from '../../support/simulated-sweep.js';

/** Opens above a half of failures in 2 s. */
const AT_HALF: Omit<BreakerOptions, 'draw'> = { trip: 'timeWindow', waitMs: () => 1_500, permits: 1 };
/** Five failures in a row: 1 in 100,000 at 10 %, one in two at 90 %. */
const FIVE_IN_A_ROW: Omit<EjectorOptions, 'draw'> = { pick: 'roundRobin', errorsInARow: 5, baseMs: 2_000 };

const LEVELS = [10, 25, 75, 100];
const breakerParams = detectionCurve.schema.parse({
  from: 'gateway',
  to: 'payments',
  during: STEPS(LEVELS),
  defence: 'breaker',
  noticesFrom: 75,
  within: '4s',
  sparesUpTo: 25,
});
const HOSTS = [1, 10, 90, 100];
const ejectionParams = detectionCurve.schema.parse({
  from: 'gateway',
  to: 'inventory',
  during: STEPS(HOSTS),
  defence: 'ejection',
  noticesFrom: 90,
  within: '6s',
  sparesUpTo: 10,
});

const noticed = ({ curve }: Judgement) => curve?.points.map((point) => point.noticed);
const verdicts = (judgements: readonly Judgement[]) => new Set(judgements.map(({ verdict }) => verdict));

describe('a detection curve', () => {
  it('finds the threshold of a breaker that opens at one half', () => {
    const judged = cellSeeds(50).map((seed) =>
      detectionCurve.evaluate(breakerParams, breakerSweep(AT_HALF, { seed, percentages: LEVELS })),
    );
    expect(judged.filter(({ verdict }) => verdict !== 'pass').map(({ summary }) => summary)).toEqual([]);
    for (const judgement of judged) expect(noticed(judgement)).toEqual([false, false, true, true]);
    expect(judged[0]?.measurements.at(-1)).toMatchObject({ name: 'noticed from', value: '75 % on, not at 25 %' });
    const [weak, strong] = judged[0]?.curve?.points.slice(2) ?? [];
    expect(strong?.afterMs?.[1]).toBeLessThan(weak?.afterMs?.[1] ?? 0);
  });

  it('finds that of outlier ejection after failures in a row', () => {
    const judged = cellSeeds(50).map((seed) =>
      detectionCurve.evaluate(ejectionParams, ejectorSweep(FIVE_IN_A_ROW, { seed, percentages: HOSTS })),
    );
    expect(judged.filter(({ verdict }) => verdict === 'fail').map(({ summary }) => summary)).toEqual([]);
    expect(judged.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThanOrEqual(judged.length - 1);
  });

  it('never passes a defence that does not notice, that is late, or that takes everything for a failure', () => {
    const bad: Record<string, Omit<BreakerOptions, 'draw'>> = {
      never: { ...AT_HALF, trip: 'never' },
      late: { ...AT_HALF, slowMs: 5_000 },
    };
    for (const [name, options] of Object.entries(bad)) {
      const judged = cellSeeds(40).map((seed) =>
        detectionCurve.evaluate(breakerParams, breakerSweep(options, { seed, percentages: LEVELS })),
      );
      expect(verdicts(judged), name).toEqual(new Set(['fail']));
    }
    const hasty = { ...FIVE_IN_A_ROW, errorsInARow: 1 };
    const judged = cellSeeds(40).map((seed) => detectionCurve.evaluate(ejectionParams, ejectorSweep(hasty, { seed, percentages: HOSTS })));
    expect(verdicts(judged).has('pass')).toBe(false);
    expect(judged[0]?.summary).toContain('10 % was taken for a failure');
  });

  it('does not blame a defence for what was on for less than it may take', () => {
    const off = { ...AT_HALF, trip: 'never' as const };
    const short = breakerSweep(off, { seed: 1, percentages: LEVELS, levelMs: 3_500 });
    expect(detectionCurve.evaluate(breakerParams, short)).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringContaining('75 % was not noticed, but was on for less than the 4.00s allowed'),
    });
  });

  it('says of a defence that never notices how many faulted requests went by', () => {
    const off = { ...AT_HALF, trip: 'never' as const };
    const { summary } = detectionCurve.evaluate(breakerParams, breakerSweep(off, { seed: 1, percentages: LEVELS }));
    expect(summary).toMatch(/gateway -> payments: 75 % was not noticed, \d+ faulted requests went by; 100 % was not noticed/);
  });

  it('judges nothing where nobody asked, where the fault was not felt, and where a rest was too short', () => {
    for (const seed of cellSeeds(20)) {
      for (const idle of [{ isIdle: true }, { isUnfelt: true }]) {
        expect(detectionCurve.evaluate(breakerParams, breakerSweep(AT_HALF, { seed, percentages: LEVELS, ...idle })).verdict).toBe(
          'inconclusive',
        );
      }
      const hurried = ejectorSweep({ ...FIVE_IN_A_ROW, baseMs: 9_000 }, { seed, percentages: HOSTS, restMs: 500 });
      expect(detectionCurve.evaluate(ejectionParams, hurried)).toMatchObject({
        verdict: 'inconclusive',
        summary: expect.stringContaining('was out already when the fault began'),
      });
    }
  });

  it('is inconclusive without a sweep, and where no level is so severe', () => {
    const record = breakerSweep(AT_HALF, { seed: 1, percentages: [10, 25] });
    expect(detectionCurve.evaluate(breakerParams, record).summary).toBe('no level is so severe that it must be noticed');
    expect(detectionCurve.evaluate({ ...breakerParams, during: ['other'] }, record).summary).toBe(
      'none of these steps is a level of a sweep',
    );
  });
});

describe('a detection curve over a fault that cuts every dial', () => {
  /** Of what was asked of the callee while a level was on, the connection is all that was seen. */
  const cut = (record: RunRecord, callee: string): RunRecord => {
    const isCut = ({ from, to, startMs }: RecordedExchange): boolean =>
      from !== 'load' && to === callee && record.faults.some(({ fromMs, toMs }) => startMs >= fromMs && startMs < toMs);
    const connections = Array.from(record.exchanges.filter(isCut)).map((asked) => cutDial(asked));
    return { ...record, connections, exchanges: new Exchanges(columnsOf(record.exchanges.filter((one) => !isCut(one)))) };
  };
  const columnsOf = (exchanges: Iterable<RecordedExchange>): ExchangeColumns => {
    const columns = new ExchangeColumns();
    for (const one of exchanges) columns.push(one);
    return columns;
  };

  it('does not take refused dials for a defence that has noticed', () => {
    const off = breakerSweep({ ...AT_HALF, trip: 'never' }, { seed: 1, percentages: [100] });
    expect(detectionCurve.evaluate({ ...breakerParams, during: STEPS([100]) }, cut(off, 'payments-1')).verdict).toBe('fail');
    const blind = ejectorSweep({ ...FIVE_IN_A_ROW, errorsInARow: Number.POSITIVE_INFINITY }, { seed: 1, percentages: [100] });
    expect(detectionCurve.evaluate({ ...ejectionParams, during: STEPS([100]) }, cut(blind, BAD_HOST)).verdict).toBe('fail');
  });

  it('passes one that stops dialling', () => {
    const breaker = breakerSweep(AT_HALF, { seed: 1, percentages: [100] });
    expect(detectionCurve.evaluate({ ...breakerParams, during: STEPS([100]) }, cut(breaker, 'payments-1')).verdict).toBe('pass');
    const ejector = ejectorSweep(FIVE_IN_A_ROW, { seed: 1, percentages: [100] });
    expect(detectionCurve.evaluate({ ...ejectionParams, during: STEPS([100]) }, cut(ejector, BAD_HOST)).verdict).toBe('pass');
  });
});
