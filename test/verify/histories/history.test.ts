/** Histories as events: paired with what they tell of, and refused where they make no sense. Whatever comes, nothing throws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyCheckers } from '../../../src/verify/histories/catalog.js';
import { type HistoryEvent, historyOf } from '../../../src/verify/histories/history.js';
import { judgeHistory } from '../../../src/verify/histories/judge-history.js';
import { seed } from '../../support/seed.js';

let index = 0;
const event = (type: HistoryEvent['type'], more: Partial<HistoryEvent> = {}): HistoryEvent => {
  index += 1;
  return { index, process: 'a', atMs: index, type, f: 'write', ...more };
};

interface Any extends Partial<Omit<HistoryEvent, 'type'>> {
  dMs: number;
  type: string;
}

/** Each begun and ended by a process of its own, all under one name if there is one. */
function inOrder(given: readonly Any[], f: string): HistoryEvent[] {
  let atMs = 0;
  return given.flatMap(({ dMs, ...one }, i) => {
    atMs += Number.isFinite(dMs) ? Math.abs(dMs) : 1;
    const named = { ...one, f: f === '' ? one.f : f, process: `p${i}` };
    const ended = one.type === 'invoke' ? 'ok' : one.type;
    return [
      { ...named, index: 2 * i, atMs, type: 'invoke' },
      { ...named, index: 2 * i + 1, atMs, type: ended },
    ] as HistoryEvent[];
  });
}

describe('a history', () => {
  it('is its operations: answered, refused, and of unknown outcome where nobody was told', () => {
    index = 0;
    const { operations, problems } = historyOf([
      event('invoke', { value: 'v1', key: 'k' }),
      event('ok', { version: 7, key: 'k' }),
      event('invoke', { value: 'v2', token: 3 }),
      event('fail'),
      event('invoke', { f: 'read' }),
      event('info', { f: 'read', value: 'nobody heard it' }),
      event('invoke', { process: 'b', value: 'v3' }),
    ]);
    expect(problems).toEqual([]);
    const common = { process: 'a', key: '', f: 'write' };
    expect(operations).toEqual([
      { ...common, id: 1, key: 'k', input: 'v1', version: 7, outcome: 'ok', startMs: 1, endMs: 2 },
      { ...common, id: 3, input: 'v2', token: 3, outcome: 'failed', startMs: 3, endMs: 4 },
      { ...common, id: 5, f: 'read', outcome: 'unknown', startMs: 5, endMs: Number.POSITIVE_INFINITY },
      { ...common, id: 7, process: 'b', input: 'v3', outcome: 'unknown', startMs: 7, endMs: Number.POSITIVE_INFINITY },
    ]);
  });

  it('tells what was refused from what never got there', () => {
    index = 0;
    const refused = [event('invoke'), event('fail')];
    const unreached = [event('invoke'), event('fail', { neverArrived: true })];
    expect(historyOf([...refused, ...unreached]).operations.map(({ outcome, neverArrived }) => [outcome, neverArrived])).toEqual([
      ['failed', undefined],
      ['failed', true],
    ]);
  });

  it.each([
    ['two open at once', [event('invoke'), event('invoke')], 'begins while event'],
    ['an end of nothing', [event('ok')], 'ends what never began'],
    ['an end of something else', [event('invoke'), event('ok', { f: 'read' })], 'ends read, but write had begun'],
    ['somebody who goes on after he was not told', [event('invoke'), event('info'), event('invoke')], 'has to be a new process'],
    ['time that goes back', [event('invoke', { atMs: 9 }), event('ok', { atMs: 8 })], 'goes back in time'],
    ['no time', [event('invoke', { atMs: Number.NaN })], 'goes back in time'],
    ['a type that there is not', [event('crash' as 'ok')], 'which there is not'],
  ])('with %s makes no sense, and nothing is judged by it', (_what, events, problem) => {
    const history = historyOf(events);
    expect(history.problems[0]).toContain(problem);
    for (const checker of historyCheckers.all) {
      expect(judgeHistory(checker, checker.schema.parse(checker.example), history)).toMatchObject({ verdict: 'unknown', anomalies: [] });
    }
  });

  it(`that is anything at all is judged, or refused with a reason, by every checker (FAULTLAB_TEST_SEED=${seed})`, () => {
    const word = fc.constantFrom(
      'write',
      'read',
      'add',
      'enqueue',
      'dequeue',
      'acquire',
      'release',
      'transfer',
      'cas',
      '__proto__',
      'toString',
      '',
    );
    const value = fc.oneof(
      fc.constantFrom('a', 'b', 'c', null),
      fc.double(),
      fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b'), fc.double(), { maxKeys: 2 }),
      fc.anything() as fc.Arbitrary<string>,
    );
    const figure = fc.oneof(fc.nat(5), fc.double());
    const any = fc.record(
      {
        process: fc.constantFrom('a', 'b', 'c', 'd'),
        type: fc.constantFrom('invoke', 'ok', 'fail', 'info'),
        f: word,
        dMs: fc.oneof(fc.nat(3), fc.double()),
        key: fc.constantFrom('k', '__proto__'),
        value,
        token: figure,
        version: figure,
        validMs: figure,
      },
      { requiredKeys: ['process', 'type', 'f', 'dMs'] },
    );
    // Half of them are put in order, so that some are judged.
    const some = fc.record({ events: fc.array(any, { maxLength: 12 }), isInOrder: fc.boolean(), f: word });
    const counts = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(some, ({ events: given, isInOrder, f }) => {
        const events = isInOrder
          ? inOrder(given, f)
          : given.map(({ dMs, ...one }, i) => ({ ...one, index: i, atMs: i + dMs }) as HistoryEvent);
        for (const checker of historyCheckers.all) {
          const { verdict, reason, anomalies, anomalyCount } = judgeHistory(
            checker,
            checker.schema.parse(checker.example),
            historyOf(events),
          );
          counts[verdict] += 1;
          expect(verdict === 'unknown').toBe(reason !== undefined);
          expect(verdict === 'invalid').toBe(anomalyCount > 0);
          for (const { operations } of anomalies) expect(operations.length).toBeGreaterThan(0);
          expect(Math.max(0, ...anomalies.map(({ operations }) => operations.length))).toBeLessThanOrEqual(10);
        }
      }),
      { seed, numRuns: 1_000 },
    );
    expect(Math.min(...Object.values(counts)), JSON.stringify(counts)).toBeGreaterThan(5);
  }, 60_000);
});
