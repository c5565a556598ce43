/** Lines that are taken without being parsed say what they would have said if they had been. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain } from '../../../src/journal/columns/exchange-view.js';
import { parseLine } from '../../../src/journal/journal-lines.js';
import { Fold, type RunRecord } from '../../../src/journal/record.js';
import { seed } from '../../support/seed.js';

const USUAL = {
  n: 1,
  atMs: 41_880_913.519261,
  type: 'exchange',
  link: 'gateway-1->payments-1',
  from: 'gateway-1',
  to: 'payments-1',
  connection: 1,
  ordinal: 1,
  method: 'GET',
  path: '/pay/k-1',
  startMs: 41_880_703.702199005,
  endMs: 41_880_708.90740701,
  end: 'complete',
  bytesUp: 117,
  bytesDown: 234,
  token: 'k-1',
  requestEndMs: 41_880_703.702199005,
  responseStartMs: 41_880_708.90740701,
  status: 200,
};

/** What is kept of the lines, and how many of them were taken by their bytes. */
function folded(lines: readonly string[], { byBytes }: { byBytes: boolean }): { record: RunRecord; taken: number } {
  const fold = new Fold();
  let taken = 0;
  for (const line of lines) {
    const bytes = Buffer.from(`\n${line}\n`);
    if (byBytes && fold.take({ bytes, from: 1, to: bytes.length - 1 })) {
      taken += 1;
      continue;
    }
    const event = parseLine(line);
    if (typeof event !== 'string') fold.add(event, line);
  }
  return { record: fold.record(), taken };
}

function takenOf(lines: readonly string[]): number {
  const [bytes, parsed] = [folded(lines, { byBytes: true }), folded(lines, { byBytes: false })];
  expect(bytes.record.exchanges.map(plain)).toEqual(parsed.record.exchanges.map(plain));
  const { exchanges: _, ...rest } = bytes.record;
  const { exchanges: __, ...rest2 } = parsed.record;
  expect(rest).toEqual(rest2);
  return bytes.taken;
}

const usual = JSON.stringify(USUAL);
const changed = (change: object): string => JSON.stringify({ ...USUAL, ...change });

/** Mostly what a journal holds. */
function rarely<T>(odd: fc.Arbitrary<T>, usually: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 1, arbitrary: odd }, { weight: 15, arbitrary: usually });
}
const name = rarely(
  fc.oneof(fc.constantFrom('a"b', 'a\\b', 'ä', '€', '\u0000'), fc.string({ maxLength: 12 })),
  fc.constantFrom('k-1', 'k-22', '', '/pay/k-1', '/pay/k-2?full'),
);
const count = rarely(fc.constantFrom(2 ** 53, 1e15, 1e21, -1, 0.5), fc.nat(300));
const instant = rarely(
  fc.oneof(fc.double({ min: 0, noNaN: true }), fc.constantFrom(0, 1e-7, -5, 1e21)),
  fc.oneof(
    fc.integer({ min: 0, max: 2 ** 51 }).map((ns) => ns / 1e6),
    fc.integer({ min: 0, max: 2 ** 51 }).map((part) => part / 1e7 + 0.000_000_5),
    fc.integer({ min: 0, max: 2 ** 51 }).map((part) => part / 3e6),
  ),
);
const values = fc.record(
  {
    n: fc.nat(1_000),
    atMs: instant,
    connection: count,
    ordinal: count,
    bytesUp: count,
    path: name,
    token: name,
    startMs: instant,
    endMs: instant,
    requestEndMs: instant,
    responseStartMs: instant,
  },
  { requiredKeys: [] },
);
const shape = fc.record(
  {
    link: fc.constantFrom('a->b', 'a->c'),
    status: fc.constantFrom(200, 503, undefined),
    tokens: fc.constantFrom({ key: 'k-1' }, { key: 'ä' }, { epoch: 'a"b' }, {}, { key: 'a', epoch: 'b' }),
    answerTokens: fc.constantFrom({ key: 'k-1' }, { key: '' }),
    applied: fc.constantFrom(['f'], ['f', 'g'], []),
    handshake: fc.constant({ with: 'client', endedBy: 'proxy', reason: 'x' }),
    somethingElse: fc.constantFrom(1, null),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const lines = fc
  .tuple(fc.array(shape, { maxLength: 4 }), fc.array(fc.tuple(fc.nat(), values), { minLength: 20, maxLength: 100 }))
  .map(([shapes, all]) => all.map(([i, one]) => changed({ ...shapes[i % shapes.length], ...one })));

describe(`lines of exchanges (FAULTLAB_TEST_SEED=${seed})`, () => {
  it('are taken by their bytes from the second of a kind on', () => {
    const second = changed({ n: 2, path: '/pay/k-2?full', token: 'k-2', ordinal: 2, startMs: 1.5, bytesUp: 0 });
    expect(takenOf([usual, second, changed({ n: 3, status: 503 }), changed({ n: 4, status: 503, connection: 9 })])).toBe(2);
    const withKey = [2, 3].map((n) => changed({ n, tokens: { 'idempotency-key': `k-${n}` } }));
    expect(takenOf([usual, ...withKey])).toBe(1);
  });

  it('are parsed where anything but a plain value differs', () => {
    const odd = [
      usual.replace('"ordinal":1', '"ordinal": 1'),
      usual.replace('"ordinal":1', '"ordinal":01'),
      usual.replace('"ordinal":1', '"ordinal":1.5'),
      usual.replace('"ordinal":1', '"ordinal":1e3'),
      usual.replace('"ordinal":1', '"ordinal":-1'),
      usual.replace('"ordinal":1', '"ordinal":9007199254740993'),
      usual.replace('"ordinal":1', '"ordinal":"1"'),
      usual.replace('"ordinal":1', '"ordinal":null'),
      usual.replace('41880708.90740701', '41880708.'),
      usual.replace('k-1', 'k\\u002d1'),
      usual.replace('k-1', 'kä1'),
      usual.replace('k-1', 'k\u00011'),
      usual.replace('"k-1"', '{}'),
      usual.slice(0, -1),
      `${usual}}`,
      `${usual} `,
      usual.replace('{', '{"n":7,'),
      usual.replace('}', ',"n":7}'),
      usual.replace('}', ',"else":7}'),
    ];
    for (const line of odd) expect(takenOf([usual, line]), line).toBe(0);
  });

  it('say the same as when they are parsed, whatever they hold', () => {
    let taken = 0;
    fc.assert(
      fc.property(lines, (some) => {
        taken += takenOf([usual, ...some]);
      }),
      { seed, numRuns: 100 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  it('say the same as when they are parsed, when a byte of them is another', () => {
    const byte = fc.constantFrom(...Array.from('0123456789.-+eE"\\{}[],: \u0000\u007fak'));
    const damage = fc.tuple(fc.nat(usual.length), fc.nat(3), byte);
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 200 }), (some) => {
        takenOf([usual, ...some.map(([at, deleted, character]) => `${usual.slice(0, at)}${character}${usual.slice(at + deleted)}`)]);
      }),
      { seed, numRuns: 50 },
    );
  });
});
