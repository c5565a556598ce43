/** Exchanges in columns, held against the objects that they were made of. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExchangeColumns } from '../../src/journal/columns/exchange-columns.js';
import { plain } from '../../src/journal/columns/exchange-view.js';
import { Exchanges } from '../../src/journal/exchanges.js';
import type { RecordedExchange } from '../../src/journal/record.js';
import { seed } from '../support/seed.js';

const text = fc.oneof(fc.constantFrom('a', 'b-1', '/stock/k1', '/stock?x=1', ''), fc.string({ unit: 'binary', maxLength: 8 }));
const texts = fc.array(text, { maxLength: 3 });
/** Nanoseconds, as clocks tell them. */
const instant = fc.integer({ min: 0, max: 2 ** 45 }).map((ns) => ns / 1e6);
const handshake = fc.record({ with: fc.constantFrom('client', 'upstream'), endedBy: fc.constantFrom('client', 'proxy'), reason: text });

const always = {
  link: text,
  from: text,
  to: text,
  connection: fc.nat(),
  ordinal: fc.nat(),
  method: text,
  path: text,
  startMs: instant,
  endMs: instant,
  end: fc.constantFrom('complete', 'clientReset', 'timeout'),
  bytesUp: fc.nat(),
  bytesDown: fc.nat(),
};
const named = fc.dictionary(
  text.filter((name) => name !== '__proto__'),
  text,
  { maxKeys: 3 },
);
const sometimes = {
  route: text,
  expectation: fc.constantFrom('met', 'late'),
  isCopy: fc.constant(true),
  token: text,
  tokens: named,
  answerTokens: named,
  requestEndMs: instant,
  responseStartMs: instant,
  status: fc.integer({ min: 100, max: 599 }),
  grpcStatus: fc.nat(16),
  endedBy: fc.constantFrom('caller', 'fault'),
  endedHow: fc.constantFrom('fin', 'rst'),
  handshake,
  resetCode: fc.nat(),
  matched: texts,
  applied: texts,
  skipped: fc.array(fc.record({ fault: text, why: fc.constantFrom('share', 'room') }), { maxLength: 2 }),
};
const exchange = fc.record({ ...always, ...sometimes }, { requiredKeys: Object.keys(always) as (keyof typeof always)[] });

function exchangesOf(given: readonly object[]): Exchanges {
  const columns = new ExchangeColumns();
  // The arbitrary has the shape of an exchange, and the wider types of fast-check.
  for (const [i, one] of given.entries()) columns.push({ n: i + 1, ...one } as RecordedExchange);
  return new Exchanges(columns);
}

const known = exchangesOf(
  [30, 10, 20, 10].map((startMs, i) => ({
    link: 'a->b',
    from: i === 3 ? 'load' : 'a',
    to: 'b',
    connection: 1,
    ordinal: i + 1,
    method: 'GET',
    path: ['/x', '/health?full', '/health', '/y'][i],
    startMs,
    endMs: startMs + 5,
    end: 'complete',
    bytesUp: 1,
    bytesDown: 1,
  })),
);
const numbers = (list: Iterable<RecordedExchange>): number[] => [...list].map(({ n }) => n);

describe(`exchanges (FAULTLAB_TEST_SEED=${seed})`, () => {
  it('come back as they went in, to the nanosecond, each with the fields that it has', () => {
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 60 }), (given) => {
        const back = exchangesOf(given).map(plain);
        const inOrder = given.map((one, i) => ({ ...one, n: i + 1 })).sort((a, b) => a.startMs - b.startMs || a.n - b.n);
        expect(back).toEqual(inOrder);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('of one link keep their own faults, whichever were on before', () => {
    const faults = [
      {},
      { matched: ['f'] },
      { matched: ['f'], applied: ['f'] },
      { matched: ['f', 'g'], applied: ['f'] },
      { matched: ['f', 'g'], applied: ['g'] },
      { applied: ['f'] },
    ];
    const given = [...faults, ...faults.toReversed(), ...faults].map((fault, i) => ({
      ...plain(known.at(0) as RecordedExchange),
      ...fault,
      n: i + 1,
    }));
    const back = exchangesOf(given);
    expect(back.map(plain)).toEqual(given);
    expect(back.columns.commons).toHaveLength(faults.length);
  });

  it('come in order of start, those that began together in order of their events', () => {
    expect(numbers(known)).toEqual([2, 4, 3, 1]);
    expect([known.length, known.at(0)?.n, known.at(-1)?.n, known.at(9)]).toEqual([4, 2, 1, undefined]);
  });

  it('are filtered, sliced and gone through like an array', () => {
    expect(numbers(known.slice(1, 3))).toEqual([4, 3]);
    expect(numbers(known.filter(({ startMs }) => startMs === 10))).toEqual([2, 4]);
    expect(known.map(({ ordinal }) => ordinal)).toEqual([2, 4, 3, 1]);
    expect(known.flatMap(({ n }) => (n > 2 ? [n, n] : []))).toEqual([4, 4, 3, 3]);
    expect([known.some(({ n }) => n === 4), known.every(({ n }) => n === 4), known.find(({ n }) => n > 2)?.n]).toEqual([true, false, 4]);
    expect(known.reduce((sum, { n }) => sum + n, 0)).toBe(10);
  });

  it('are found by what they have in common, by the numbers of their events, and by their paths without the query', () => {
    expect(numbers(known.having(({ from }) => from === 'a'))).toEqual([2, 3, 1]);
    expect(numbers(known.numbered(new Set([1, 4, 99])))).toEqual([4, 1]);
    expect(numbers(known.withRows(known.columns.pathTest(new Set(['/health']))))).toEqual([2, 3]);
  });

  it('are worked on once for all who ask the same', () => {
    let times = 0;
    const ask = (key: string): number => known.once(['asked', key], () => (times += 1));
    expect([ask('a'), ask('b'), ask('a')]).toEqual([1, 2, 1]);
  });
});
