import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/verify/histories/operation.js';
import { seeds } from '../../support/simulated-cycles.js';
import { changed, counterCopy, drawOf, isDone, judged, pick, simulateHistory } from '../../support/simulated-histories.js';

describe('counter', () => {
  it('finds nothing in 1,000 good histories, and every read that is out of reach', () => {
    const verdicts = { good: new Set<string>(), bad: new Set<string>() };
    for (const seed of seeds(1_000)) {
      const good = simulateHistory({ seed, copy: counterCopy(), count: 60, stretchMs: 1 + (seed % 9) });
      verdicts.good.add(judged('counter', good).verdict);
      const read = pick(
        good.filter((one) => one.f === 'read' && isDone(one)),
        drawOf(seed + 1_000_000),
      );
      // More than all that overlaps, or was lost, can be.
      const off = seed % 2 === 0 ? 200 : -200;
      if (read !== undefined) verdicts.bad.add(judged('counter', changed(good, read.id, { output: Number(read.output) + off })).verdict);
    }
    expect(verdicts).toEqual({ good: new Set(['valid']), bad: new Set(['invalid']) });
  }, 60_000);

  const at = (id: number, startMs: number, endMs: number, what: Pick<Operation, 'f'> & Partial<Operation>): Operation => ({
    id,
    process: `p${id}`,
    key: '',
    outcome: 'ok',
    startMs,
    endMs,
    ...what,
  });

  it.each([
    [2, 'too low'],
    [3, undefined],
    [8, undefined],
    [9, 'too high'],
  ])('with 3 added for sure and 5 under way, %i is %s', (output, kind) => {
    const adds = [at(1, 0, 1, { f: 'add', input: 3 }), at(2, 4, 9, { f: 'add', input: 5 })];
    expect(judged('counter', [...adds, at(3, 2, 5, { f: 'read', output })]).anomalies[0]?.kind).toBe(kind);
  });

  it('judges no fractions, whose sums hang on their order, and adds up exactly what is whole', () => {
    const sumOf = (amounts: readonly number[], output: number) =>
      judged('counter', [
        ...amounts.map((input, i) => at(i + 1, 10 * i, 10 * i + 1, { f: 'add', input })),
        at(99, 1_000, 1_001, { f: 'read', output }),
      ]);
    expect(sumOf([0.1, 0.2], 0.3)).toMatchObject({
      verdict: 'unknown',
      reason: 'operation 1 cannot be read: what add asks should be a whole number (amounts in the smallest unit), found 0.1',
    });
    expect(sumOf([1, 2], 3.5).verdict).toBe('unknown');
    const large = Number.MAX_SAFE_INTEGER;
    expect(sumOf([large, 2, -large], 2).verdict).toBe('valid');
    expect(sumOf([large, 2, -large], 1).verdict).toBe('invalid');
  });

  it('counts no add that was refused, and judges no counter that nobody read', () => {
    const refused = at(1, 0, 1, { f: 'add', input: 3, outcome: 'failed' });
    expect(judged('counter', [refused, at(2, 2, 3, { f: 'read', output: 3 })]).verdict).toBe('invalid');
    expect(judged('counter', [at(1, 0, 1, { f: 'add', input: 3 })]).verdict).toBe('unknown');
  });
});
