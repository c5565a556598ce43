/** `linearizable` against copies of each kind whose truth is known, against an exhaustive search without memory, and at its budget. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MODELS, type Model } from '../../../src/verify/histories/models.js';
import { isBefore, type Operation } from '../../../src/verify/histories/operation.js';
import { seed as suiteSeed } from '../../support/seed.js';
import { seeds } from '../../support/simulated-cycles.js';
import {
  changed,
  counterCopy,
  type Done,
  type Draw,
  drawOf,
  isDone,
  judged,
  type OneCopy,
  pick,
  queueCopy,
  registerCopy,
  setCopy,
  simulateHistory,
} from '../../support/simulated-histories.js';

const KINDS = {
  casRegister: () => registerCopy({ cas: true }),
  fifoQueue: () => queueCopy({ dequeueRatio: 0.5 }),
  counter: counterCopy,
  set: () => setCopy({ readRatio: 0.4 }),
} as const satisfies Partial<Record<keyof typeof MODELS, () => OneCopy>>;

/** Of a queue nobody can tell what an answer that got lost has taken, and the search takes for ever. */
const history = (model: keyof typeof KINDS, seed: number): Operation[] =>
  simulateHistory({
    seed,
    copy: KINDS[model](),
    count: model === 'fifoQueue' ? 25 : 40,
    stretchMs: 1 + (seed % 3),
    lostRatio: model === 'fifoQueue' ? 0 : 0.02,
  });

/** An answer that is no answer of this object at any time: of a value that nobody sent, or of a sum that is out of reach. */
function withWrongAnswer(operations: readonly Operation[], draw: Draw): Operation[] | undefined {
  const read = pick(
    operations.filter((one) => isDone(one) && one.output !== undefined && one.output !== null),
    draw,
  );
  if (read === undefined) return undefined;
  const { output } = read;
  const wrong = typeof output === 'number' ? output + 1_000 : Array.isArray(output) ? [...(output as string[]), 'ghost'] : 'ghost';
  return changed(operations, read.id, { output: wrong });
}

/** The tries of all orders, without any memory: what the quick search is held against. */
function hasOrder(model: Model, left: readonly Operation[], state = model.initial): boolean {
  if (!left.some(isDone)) return true;
  return left.some((operation) => {
    if (left.some((other) => other !== operation && isBefore(other, operation))) return false;
    const next = model.step(state, operation);
    return (
      next !== undefined &&
      hasOrder(
        model,
        left.filter((other) => other !== operation),
        next,
      )
    );
  });
}

describe('linearizable', () => {
  it.each(Object.keys(KINDS) as (keyof typeof KINDS)[])(
    'finds an order in 200 histories of one %s, and none where an answer is wrong',
    (model) => {
      const verdicts = { good: new Set<string>(), bad: new Set<string>() };
      for (const seed of seeds(200)) {
        const good = history(model, seed);
        verdicts.good.add(judged('linearizable', good, { model }).verdict);
        const bad = withWrongAnswer(good, drawOf(seed + 1_000_000));
        if (bad !== undefined) verdicts.bad.add(judged('linearizable', bad, { model }).verdict);
      }
      expect(verdicts).toEqual({ good: new Set(['valid']), bad: new Set(['invalid']) });
    },
    60_000,
  );

  it(`agrees with a search of all orders on any small history (FAULTLAB_TEST_SEED=${suiteSeed})`, () => {
    const shapes: Done[] = [
      ...[1, 2].map((value): Done => ({ f: 'write', input: String(value) })),
      ...['1', '2', null].map((value): Done => ({ f: 'read', output: value })),
      ...[
        ['1', '2'],
        ['2', '1'],
      ].map((input): Done => ({ f: 'cas', input })),
    ];
    const operation = fc.record({ shape: fc.nat(shapes.length - 1), startMs: fc.nat(7), lastsMs: fc.nat(4), isLost: fc.nat(7) });
    const counts = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(fc.array(operation, { minLength: 2, maxLength: 7 }), (given) => {
        const operations = given.map(({ shape, startMs, lastsMs, isLost }, i): Operation => {
          const { output, ...asked } = shapes[shape] ?? { f: 'read' };
          const ends =
            isLost === 0
              ? { outcome: 'unknown' as const, endMs: Number.POSITIVE_INFINITY }
              : { outcome: 'ok' as const, endMs: startMs + lastsMs };
          return {
            id: i + 1,
            process: `p${i}`,
            key: '',
            ...asked,
            ...(isLost !== 0 && output !== undefined && { output }),
            startMs,
            ...ends,
          };
        });
        const { verdict } = judged('linearizable', operations, { model: 'casRegister' });
        expect(verdict).toBe(hasOrder(MODELS.casRegister, operations) ? 'valid' : 'invalid');
        counts[verdict] += 1;
      }),
      { seed: suiteSeed, numRuns: 3_000 },
    );
    expect(Math.min(counts.valid, counts.invalid), JSON.stringify(counts)).toBeGreaterThan(400);
  }, 60_000);

  it('keeps a lock to one holder', () => {
    const step = (id: number, f: string, process: string, startMs: number): Operation => ({
      id,
      f,
      process,
      key: '',
      outcome: 'ok',
      startMs,
      endMs: startMs + 1,
    });
    const inTurn = [step(1, 'acquire', 'a', 0), step(2, 'release', 'a', 2), step(3, 'acquire', 'b', 4)];
    expect(judged('linearizable', inTurn, { model: 'mutex' }).verdict).toBe('valid');
    expect(judged('linearizable', [step(1, 'acquire', 'a', 0), step(3, 'acquire', 'b', 4)], { model: 'mutex' })).toMatchObject({
      verdict: 'invalid',
      anomalies: [
        { kind: 'no order', operations: [3], says: 'no order explains it: with by a there, none of acquire (event 3) can be next' },
      ],
    });
    expect(judged('linearizable', [step(1, 'acquire', 'a', 0), step(2, 'release', 'b', 2)], { model: 'mutex' }).verdict).toBe('invalid');
  });

  it('keeps a counter to whole numbers, however large their sum', () => {
    const step = (id: number, what: Done): Operation => ({
      id,
      process: 'a',
      key: '',
      outcome: 'ok',
      startMs: id,
      endMs: id + 0.5,
      ...what,
    });
    const sumOf = (amounts: readonly number[], output: number) =>
      judged('linearizable', [...amounts.map((input, i) => step(i, { f: 'add', input })), step(99, { f: 'read', output })], {
        model: 'counter',
      });
    expect(sumOf([0.1, 0.2], 0.3)).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('should be a whole number') });
    expect(sumOf([Number.MAX_SAFE_INTEGER, 2, -Number.MAX_SAFE_INTEGER], 2).verdict).toBe('valid');
    expect(sumOf([Number.MAX_SAFE_INTEGER, 2, -Number.MAX_SAFE_INTEGER], 1).verdict).toBe('invalid');
  });

  it('gives up at its budget, and says so', () => {
    const writes = Array.from(
      { length: 30 },
      (_, i): Operation => ({
        id: i + 1,
        process: `p${i}`,
        key: '',
        f: 'write',
        input: `v${i}`,
        outcome: 'ok',
        startMs: 0,
        endMs: 10,
      }),
    );
    const ghost: Operation = { id: 99, process: 'r', key: '', f: 'read', output: 'ghost', outcome: 'ok', startMs: 0, endMs: 10 };
    expect(judged('linearizable', [...writes, ghost], { model: 'casRegister', statesMax: 5_000 })).toMatchObject({
      verdict: 'unknown',
      reason: 'no order was found among 5000 that were tried, and there are more',
    });
  });

  it('judges nothing that its model does not know', () => {
    const cas: Operation = { id: 1, process: 'a', key: '', f: 'cas', input: ['a', 'b'], outcome: 'ok', startMs: 0, endMs: 1 };
    expect(judged('linearizable', [cas], { model: 'mutex' })).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('expected one of acquire, release'),
    });
  });
});
