/** Journals that went through something: whatever is left of them is read, judged and reported, says what is missing, and never passes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { parseLine } from '../../src/journal/journal-lines.js';
import { foldJournal, type RunRecord } from '../../src/journal/record.js';
import { exitOf, judge } from '../../src/verify/judge.js';
import { gameDay } from '../support/journal.js';
import { seed } from '../support/seed.js';

/** One promise, and one that is kept as long as a single event says so. */
const CHECK = { name: 'felt', check: 'faultWasFelt', severity: 'fail', params: { step: 'one-host-goes-gray', minMatched: 1 } } as const;
const LINES = gameDay({ ratePerSecond: 20, pace: 0.2 }).events.map((event) =>
  JSON.stringify(event.type === 'runStarted' ? { ...event, plan: { ...event.plan, checks: [CHECK] } } : event),
);
const CONTROL = LINES.flatMap((line, i) => (/"type":"(exchange|connection)"/.test(line) ? [] : [i]));

/** As the reader does it, without the file. */
function recordOf(lines: readonly string[]): RunRecord {
  const parsed = lines.map(parseLine);
  const events = parsed.filter((event): event is JournalEvent => typeof event !== 'string');
  return foldJournal(
    events,
    parsed.filter((event) => typeof event === 'string'),
  );
}

function judged(lines: readonly string[]): { verdict: string; code: number; gaps: readonly string[] } {
  const record = recordOf(lines);
  const { verdict } = judge(record);
  return { verdict, code: exitOf({ record, verdict }).code, gaps: record.gaps };
}

function expectNoPass(lines: readonly string[]): void {
  const { verdict, code, gaps } = judged(lines);
  expect([verdict === 'pass', code === 0, gaps.length === 0]).toEqual([false, false, false]);
}

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (share: number, length: number): number => Math.floor(share * length);
const runs = { seed, numRuns: 150, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false } as const;

describe(`a damaged journal never passes and never crashes anybody (FAULTLAB_TEST_SEED=${seed})`, () => {
  it('passes as it was written: the tests would notice', () => {
    expect(judged(LINES)).toMatchObject({ verdict: 'pass', code: 0, gaps: [] });
  });

  it('cut short in the middle of a line', () => {
    const text = LINES.join('\n');
    fc.assert(
      fc.property(place, (share) => expectNoPass(text.slice(0, at(share, text.length - 1)).split('\n'))),
      runs,
    );
  });

  it('with a gap', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 50 }), (share, count) => {
        const from = at(share, LINES.length - count);
        expectNoPass([...LINES.slice(0, from), ...LINES.slice(from + count)]);
      }),
      runs,
    );
  });

  it('out of order', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 200 }), (share, distance) => {
        const from = at(share, LINES.length - distance);
        const [moved = '', ...rest] = LINES.slice(from, from + distance + 1);
        expectNoPass([...LINES.slice(0, from), ...rest, moved, ...LINES.slice(from + distance + 1)]);
      }),
      runs,
    );
  });

  it('of two hosts in one file, one behind the other or line by line', () => {
    const later = LINES.map((line) => line.replace(/"atMs":(\d+)/, (_, ms: string) => `"atMs":${Number(ms) + 9e9}`));
    expectNoPass([...LINES, ...later]);
    expectNoPass(LINES.flatMap((line, i) => [line, later[i] ?? '']));
    const joined = [...LINES, ...later].map((line, i) => JSON.stringify({ ...(JSON.parse(line) as object), n: i + 1 }));
    expect(judged(joined).gaps).toContainEqual(expect.stringContaining('several runs'));
    expectNoPass(joined);
  });

  it('with something of another shape in place of one part of an event', () => {
    const foreign = fc.constantFrom(null, 7, 'x', true, [], {}, [null], { name: 1 });
    fc.assert(
      fc.property(place, place, foreign, (line, key, value) => {
        const lines = [...LINES];
        const i = CONTROL[at(line, CONTROL.length)] ?? 0;
        const event = JSON.parse(LINES[i] ?? '') as Record<string, unknown>;
        const spoilt = event['type'] === 'runStarted' && key > 0.3 ? (event['plan'] as Record<string, unknown>) : event;
        spoilt[Object.keys(spoilt)[at(key, Object.keys(spoilt).length)] ?? ''] = value;
        lines[i] = JSON.stringify(event);
        expect(() => judged(lines)).not.toThrow();
      }),
      runs,
    );
  });

  it('with an event of a type that this version does not know', () => {
    const last = JSON.parse(LINES.at(-1) ?? '') as JournalEvent;
    for (const type of ['heartbeat', '__proto__']) {
      const strange = JSON.stringify({ n: last.n + 1, atMs: last.atMs, type, what: null });
      expectNoPass([...LINES, strange]);
      expect(judged([...LINES, strange]).gaps[0]).toBe(`is of a type that this version does not know: "${type}"`);
    }
  });

  it('names the part that an event lacks', () => {
    expect(parseLine('{"n":1,"atMs":1,"type":"runStarted","run":"r","version":"1","wallMs":1,"plan":{}}')).toBe(
      '(runStarted) lacks plan.title',
    );
    expect(parseLine('{"n":1,"atMs":1,"type":"faultEnded","fault":"f","step":"s"}')).toBe('(faultEnded) lacks reason');
  });
});
