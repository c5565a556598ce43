/** `register` against copies whose truth is known, and against the search, which knows nothing of zones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBefore, type Operation } from '../../../src/verify/histories/operation.js';
import { seed as suiteSeed } from '../../support/seed.js';
import { seeds } from '../../support/simulated-cycles.js';
import { changed, drawOf, isDone, judged, pick, registerCopy, simulateHistory } from '../../support/simulated-histories.js';

const history = (seed: number, count = 60, stretchMs = 1 + (seed % 12)): Operation[] =>
  simulateHistory({ seed, copy: registerCopy(), count, stretchMs });

/** A read that is made to see a value which another write had surely replaced before it began. */
function withStaleRead(operations: readonly Operation[], seed: number): Operation[] | undefined {
  const writes = operations.filter((one) => one.f === 'write' && isDone(one));
  const choices = operations
    .filter((one) => one.f === 'read' && isDone(one))
    .flatMap((read) => {
      const before = writes.filter((write) => isBefore(write, read));
      const replaced = before.filter((old) => before.some((newer) => isBefore(old, newer)));
      return replaced.map((old) => ({ read, value: String(old.input) }));
    });
  const chosen = pick(choices, drawOf(seed + 1_000_000));
  return chosen && changed(operations, chosen.read.id, { output: chosen.value });
}

/** A write that was acknowledged and is forgotten: whoever read its value reads the one before it, and somebody does so when it was over. */
function withLostWrite(operations: readonly Operation[], seed: number): Operation[] | undefined {
  const writes = operations.filter((one) => one.f === 'write' && isDone(one));
  const reads = operations.filter((one) => one.f === 'read' && isDone(one));
  const choices = writes.flatMap((lost) => {
    const old = writes.filter((write) => isBefore(write, lost)).at(-1);
    const seen = reads.filter((read) => read.output === lost.input);
    return old !== undefined && seen.some((read) => isBefore(lost, read)) ? [{ old, seen }] : [];
  });
  const chosen = pick(choices, drawOf(seed + 2_000_000));
  return chosen?.seen.reduce((some, { id }) => changed(some, id, { output: String(chosen.old.input) }), [...operations]);
}

describe('register', () => {
  it('finds nothing in 1,000 histories of one copy, and every stale read and lost write that was put into them', () => {
    const verdicts = { good: new Set<string>(), stale: new Set<string>(), lost: new Set<string>() };
    let bad = 0;
    for (const seed of seeds(1_000)) {
      const good = history(seed);
      verdicts.good.add(judged('register', good).verdict);
      const [stale, lost] = [withStaleRead(good, seed), withLostWrite(good, seed)];
      if (stale !== undefined) verdicts.stale.add(judged('register', stale).verdict);
      if (lost !== undefined) verdicts.lost.add(judged('register', lost).verdict);
      bad += Number(stale !== undefined) + Number(lost !== undefined);
    }
    expect(verdicts).toEqual({ good: new Set(['valid']), stale: new Set(['invalid']), lost: new Set(['invalid']) });
    expect(bad).toBeGreaterThan(1_200);
  }, 60_000);

  it(`agrees with the search on any small history, good and bad, with instants that coincide (FAULTLAB_TEST_SEED=${suiteSeed})`, () => {
    const operation = fc.record({ isRead: fc.boolean(), value: fc.nat(3), startMs: fc.nat(8), lastsMs: fc.nat(5), luck: fc.nat(9) });
    const counts = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(fc.array(operation, { minLength: 2, maxLength: 8 }), (given) => {
        const operations = given.map(({ isRead, value, startMs, lastsMs, luck }, i): Operation => {
          const outcome = luck === 0 ? 'unknown' : luck === 1 && !isRead ? 'failed' : 'ok';
          const ends = { outcome, startMs, endMs: outcome === 'unknown' ? Number.POSITIVE_INFINITY : startMs + lastsMs } as const;
          const common = { id: i + 1, process: `p${i}`, key: '', ...ends };
          if (!isRead) return { ...common, f: 'write', input: `v${i}` };
          const written = given.flatMap((other, j) => (other.isRead ? [] : [`v${j}`]));
          return { ...common, f: 'read', ...(outcome === 'ok' && { output: written[value] ?? null }) };
        });
        const byZones = judged('register', operations).verdict;
        const bySearch = judged('linearizable', operations, { model: 'casRegister' }).verdict;
        expect(byZones).toBe(bySearch);
        if (byZones !== 'unknown') counts[byZones] += 1;
      }),
      { seed: suiteSeed, numRuns: 5_000 },
    );
    expect(Math.min(counts.valid, counts.invalid), JSON.stringify(counts)).toBeGreaterThan(500);
  }, 60_000);

  const write = (id: number, value: string, startMs: number, endMs: number): Operation => ({
    id,
    process: `w${id}`,
    key: 'k',
    f: 'write',
    input: value,
    outcome: 'ok',
    startMs,
    endMs,
  });
  const read = (id: number, value: string | null, startMs: number, endMs: number): Operation => ({
    id,
    process: `r${id}`,
    key: 'k',
    f: 'read',
    output: value,
    outcome: 'ok',
    startMs,
    endMs,
  });

  it('names the operations of a lost write, and tells how far it was behind the one that it lost to', () => {
    const result = judged('register', [write(1, 'a', 0, 10), write(2, 'b', 300, 310), read(3, 'a', 400, 410)]);
    expect(result.anomalies).toEqual([
      { kind: 'lost write', says: '"k": read "a" (event 3) saw a value that write "b" (event 2) had replaced', operations: [1, 2, 3] },
    ]);
    expect(result.facts).toEqual([
      { name: 'acknowledged writes', value: 2, of: 'sum' },
      { name: 'lost writes', value: 1, of: 'sum' },
      { name: 'largest gap before a lost write', value: 300, of: 'max', unit: 'ms' },
      { name: 'longest time since what was read had been replaced', value: 90, of: 'max', unit: 'ms' },
    ]);
  });

  it.each([
    ['what nobody wrote', [read(1, 'a', 0, 1)], 'read of nothing'],
    ['what was written later', [read(1, 'a', 0, 1), write(2, 'a', 2, 3)], 'read of the future'],
    ['what was refused', [{ ...write(1, 'a', 0, 1), outcome: 'failed' as const }, read(2, 'a', 2, 3)], 'read of a failed write'],
    ['nothing after a write', [write(1, 'a', 0, 1), read(2, null, 2, 3)], 'lost write'],
    ['what had been seen to be replaced', [write(1, 'a', 0, 1), write(2, 'b', 2, 3), read(3, 'b', 4, 5), read(4, 'a', 6, 7)], 'stale read'],
    [
      'two values in turn',
      [write(1, 'a', 0, 9), write(2, 'b', 0, 9), read(3, 'a', 10, 11), read(4, 'b', 12, 13), read(5, 'a', 14, 15)],
      'two at once',
    ],
  ])('objects to a read of %s', (_what, operations, kind) => {
    expect(judged('register', operations).anomalies.map((anomaly) => anomaly.kind)).toEqual([kind]);
  });

  it('lets a write whose answer got lost be done late, or never', () => {
    const late: Operation = { ...write(1, 'a', 0, 0), outcome: 'unknown', endMs: Number.POSITIVE_INFINITY };
    expect(judged('register', [late, write(2, 'b', 1, 2), read(3, 'b', 3, 4), read(4, 'a', 5, 6)]).verdict).toBe('valid');
    expect(judged('register', [late, write(2, 'b', 1, 2), read(3, 'b', 3, 4), read(4, 'b', 5, 6)]).verdict).toBe('valid');
    expect(judged('register', [late, read(3, 'a', 3, 4), write(2, 'b', 5, 6), read(4, 'a', 7, 8)]).verdict).toBe('invalid');
  });

  it('judges nothing where a value was written twice', () => {
    expect(judged('register', [write(1, 'a', 0, 1), write(2, 'a', 2, 3)])).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('twice'),
    });
  });
});
