import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/verify/histories/operation.js';
import { seeds } from '../../support/simulated-cycles.js';
import { changed, drawOf, judged } from '../../support/simulated-histories.js';

const VALID_MS = 100;

/** Ten holders one after the other; each but the first meets a write of the one before it, which comes too late and is refused. */
function holders(seed: number): Operation[] {
  const draw = drawOf(seed);
  const operations: Operation[] = [];
  const push = (one: Omit<Operation, 'id' | 'key' | 'endMs'>, tookMs = 1 + draw()): void => {
    operations.push({ ...one, id: operations.length + 1, key: '', endMs: one.startMs + tookMs });
  };
  for (let token = 1; token <= 10; token++) {
    const fromMs = token * 150 + 10 * draw();
    const process = `holder-${token % 3}`;
    push({ f: 'acquire', process, token, validMs: VALID_MS, outcome: 'ok', startMs: fromMs });
    for (let i = 0; i < 5; i++) push({ f: 'write', process, input: `${token}.${i}`, token, outcome: 'ok', startMs: fromMs + 10 + 10 * i });
    if (token > 1)
      push({
        f: 'write',
        process: `holder-${(token - 1) % 3}`,
        input: `${token - 1}.late`,
        token: token - 1,
        outcome: 'failed',
        startMs: fromMs + 80,
      });
  }
  push({ f: 'read', process: 'reader', output: '10.4', outcome: 'ok', startMs: 5_000 });
  return operations.sort((a, b) => a.startMs - b.startMs);
}

const kinds = (operations: readonly Operation[]): string[] => [...new Set(judged('lease', operations).anomalies.map(({ kind }) => kind))];

describe('lease', () => {
  it('finds nothing in 500 good histories, and every overlap, token and stale write that was put into them', () => {
    const found = {
      good: new Set<string>(),
      overlap: new Set<string>(),
      same: new Set<string>(),
      back: new Set<string>(),
      stale: new Set<string>(),
      effect: new Set<string>(),
    };
    for (const seed of seeds(500)) {
      const good = holders(seed);
      const token = 3 + (seed % 7);
      const grant = good.find((one) => one.f === 'acquire' && one.token === token);
      const late = good.find((one) => one.outcome === 'failed' && one.token === token - 1);
      const last = good.at(-1);
      if (grant === undefined || late === undefined || last === undefined) throw new Error('the history has them');
      found.good.add(judged('lease', good).verdict);
      found.overlap.add(kinds(changed(good, grant.id, { startMs: grant.startMs - 120, endMs: grant.endMs - 120 })).join());
      found.same.add(kinds(changed(good, grant.id, { token: token - 1 })).join());
      found.back.add(kinds(changed(good, grant.id, { token: 0 })).join());
      found.stale.add(kinds(changed(good, late.id, { outcome: 'ok' })).join());
      found.effect.add(kinds(changed(good, last.id, { output: '9.4' })).join());
    }
    expect(found).toEqual({
      good: new Set(['valid']),
      overlap: new Set(['two holders']),
      same: new Set(['token given twice']),
      back: new Set(['token went back']),
      stale: new Set(['stale write']),
      effect: new Set(['effect of a stale holder']),
    });
  });

  it('is open where no stale write was refused, unless none is asked for', () => {
    const untried = holders(1).filter(({ outcome }) => outcome === 'ok');
    expect(judged('lease', untried)).toMatchObject({
      verdict: 'unknown',
      reason: '0 stale writes were refused, 1 are needed to know that there is a fence',
    });
    expect(judged('lease', untried, { minStale: 0 }).verdict).toBe('valid');
  });

  it('counts no stale write that never got there: it neither shows a fence nor speaks against one', () => {
    const unreached = holders(1).map((one): Operation => (one.outcome === 'failed' ? { ...one, neverArrived: true } : one));
    expect(judged('lease', unreached)).toMatchObject({
      verdict: 'unknown',
      reason: '0 stale writes were refused, 1 are needed to know that there is a fence',
    });
    expect(judged('lease', unreached, { minStale: 0 }).verdict).toBe('valid');
    const late = holders(1).find(({ outcome }) => outcome === 'failed');
    expect(
      judged(
        'lease',
        unreached.map((one) => (one.id === late?.id ? late : one)),
      ).verdict,
    ).toBe('valid');
  });

  const acquire = (startMs: number, process: string, token: number): Operation => ({
    id: startMs,
    process,
    key: '',
    f: 'acquire',
    token,
    validMs: VALID_MS,
    outcome: 'ok',
    startMs,
    endMs: startMs + 1,
  });
  const kindsOf = (...operations: readonly Operation[]): string[] =>
    judged('lease', operations, { minStale: 0 }).anomalies.map(({ kind }) => kind);

  it('takes a holder that asks again and gets its own token for one that has more time', () => {
    expect(kindsOf(acquire(0, 'a', 4), acquire(50, 'a', 4), acquire(100, 'a', 4), acquire(300, 'b', 5))).toEqual([]);
  });

  it('takes nobody else with that token for the same, nor a holder whose token another has outgrown, nor one with another token', () => {
    expect(kindsOf(acquire(0, 'a', 4), acquire(50, 'b', 4))).toEqual(['two holders', 'token given twice']);
    expect(kindsOf(acquire(0, 'a', 4), acquire(200, 'b', 5), acquire(400, 'a', 4))).toEqual(['token went back']);
    expect(kindsOf(acquire(0, 'a', 4), acquire(50, 'a', 5))).toEqual(['two holders']);
  });

  it('reckons with the time that a holder got by asking again', () => {
    expect(kindsOf(acquire(0, 'a', 4), acquire(80, 'a', 4), acquire(150, 'b', 5))).toEqual(['two holders']);
  });

  it('ends a lease when its holder lets go', () => {
    const [a, b] = holders(1).filter(({ f }) => f === 'acquire');
    if (a === undefined || b === undefined) throw new Error('there are two');
    const early = { ...b, startMs: a.startMs + 50, endMs: a.startMs + 51 };
    const release: Operation = {
      id: 99,
      process: a.process,
      key: '',
      f: 'release',
      outcome: 'ok',
      startMs: a.startMs + 40,
      endMs: a.startMs + 41,
    };
    expect(judged('lease', [a, early], { minStale: 0 }).verdict).toBe('invalid');
    expect(judged('lease', [a, release, early], { minStale: 0 }).verdict).toBe('valid');
  });
});
