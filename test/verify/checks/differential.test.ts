/** `differential` against observers whose honesty is known: deep health checks and quick ejectors pass, shallow checks never do. */
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/verify/check.js';
import { differential } from '../../../src/verify/checks/differential.js';
import { recordOf, times } from '../../support/histories.js';
import { cellSeeds } from '../../support/simulated-cycles.js';
import { GRAY_HOST, GRAY_STEP, type ObserverCycle, observerCycle } from '../../support/simulated-observers.js';

const params = differential.schema.parse({ from: 'gateway', to: 'inventory', during: GRAY_STEP, maxDisagreement: '2s' });
const judged = (cycle: ObserverCycle) => differential.evaluate(params, observerCycle(cycle));

function count(cycle: Omit<ObserverCycle, 'seed'>, cycles: number): Record<Verdict, number> {
  const verdicts: Record<Verdict, number> = { pass: 0, fail: 0, inconclusive: 0, error: 0 };
  for (const seed of cellSeeds(cycles)) verdicts[judged({ seed, ...cycle }).verdict]++;
  return verdicts;
}

describe('differential against simulated observers', () => {
  it('passes deep health checks and hosts that are soon left', () => {
    for (const good of [{ checks: 'deep' }, { checks: 'shallow', leftAfterMs: 1_500 }] as const) {
      const { pass, fail, inconclusive } = count(good, 200);
      expect(fail).toBe(0);
      expect(inconclusive / (pass + inconclusive)).toBeLessThanOrEqual(0.02);
    }
  }, 60_000);

  it('fails shallow health checks, and never passes those of one sick caller or route', () => {
    expect(count({ checks: 'shallow' }, 200)).toMatchObject({ pass: 0, inconclusive: 0, error: 0 });
    for (const only of ['gateway-1', '/price'] as const) expect(count({ checks: 'shallow', badRatio: 0.8, only }, 100).pass).toBe(0);
  }, 60_000);

  it('judges nothing without demand, without a fault that was felt, or without health checks', () => {
    for (const idle of [{ checks: 'shallow', isIdle: true }, { checks: 'shallow', isUnfelt: true }, { checks: 'none' }] as const) {
      expect(count(idle, 60)).toMatchObject({ pass: 0, fail: 0, error: 0 });
    }
  }, 60_000);

  it('names the cell, what it saw, what the health checks said, and shows both', () => {
    const record = observerCycle({ seed: 3, checks: 'shallow', badRatio: 0.9, only: '/price' });
    const judgement = differential.evaluate(params, record);
    expect(judgement.summary).toMatch(
      /^gateway-\d saw \d+ of \d+ GET \/price to inventory-3 fail \(\d+\.\d\d %\) while 48 of 48 health checks of it succeeded; they disagreed for 4\.\d\ds to 5\.\d\ds at a stretch/,
    );
    expect(judgement.alternatives?.join()).toMatch(/ruled out, gateway-\d saw inventory-3 sick as well/);
    expect(judgement.measurements.filter((m) => m.name.includes('->')).length).toBe(12);
    const shown = record.exchanges.filter((e) => judgement.evidence.includes(e.n));
    expect(new Set(shown.map((e) => e.path))).toEqual(new Set(['/price', '/health']));
  });

  it('says that the link may be sick when only one caller sees it', () => {
    expect(judged({ seed: 3, checks: 'shallow', badRatio: 0.9, only: 'gateway-1' })).toMatchObject({
      verdict: 'fail',
      alternatives: ['a sick caller or link: not ruled out, no other caller saw inventory-3 sick'],
    });
  });

  it('takes slow answers for failures only where told to', () => {
    const exchanges = times({ fromMs: 0, toMs: 10_000, everyMs: 20 }).flatMap((startMs) => [
      {
        from: 'gateway-1',
        to: GRAY_HOST,
        path: '/stock',
        startMs,
        endMs: startMs + (startMs > 3_000 ? 900 : 5),
        applied: [`r/${GRAY_STEP}`],
      },
      { from: 'gateway-1', to: GRAY_HOST, path: '/health', startMs: startMs + 1 },
    ]);
    const faults = [{ step: GRAY_STEP, fromMs: 3_000, toMs: 9_000, instances: [GRAY_HOST] }];
    const record = recordOf({ exchanges, faults, baseline: [0, 2_500] });
    expect(differential.evaluate(params, record).verdict).toBe('inconclusive');
    expect(differential.evaluate({ ...params, slowFrom: 500 }, record).verdict).toBe('fail');
  });
});
