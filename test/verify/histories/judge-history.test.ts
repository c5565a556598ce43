/** Histories of several keys, and long ones: they are judged while somebody waits for a verdict. */
import { describe, expect, it } from 'vitest';
import { historyCheckers } from '../../../src/verify/histories/catalog.js';
import type { Operation } from '../../../src/verify/histories/operation.js';
import { judged, registerCopy, simulateHistory } from '../../support/simulated-histories.js';

/** Of what all checkers are tried with; the two that journals are judged by most have five times as many. */
const COUNT = 20_000;

describe('a history of several keys', () => {
  const at = (id: number, key: string, value: string | null, f = 'read'): Operation => ({
    id,
    process: 'p',
    key,
    f,
    outcome: 'ok',
    startMs: id,
    endMs: id + 0.5,
    ...(f === 'read' ? { output: value } : { input: value }),
  });

  it('is bad where one of them is, and names it', () => {
    const operations = [at(1, 'a', 'v', 'write'), at(2, 'a', 'v'), at(3, 'b', 'w', 'write'), at(4, 'b', null)];
    expect(judged('register', operations)).toMatchObject({
      verdict: 'invalid',
      anomalyCount: 1,
      anomalies: [{ says: expect.stringMatching(/^"b": read null/) }],
    });
  });

  it('is open where one of them is and none is bad', () => {
    const twice = [at(3, 'b', 'w', 'write'), at(4, 'b', 'w', 'write')];
    expect(judged('register', [at(1, 'a', 'v', 'write'), at(2, 'a', 'v'), ...twice])).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringMatching(/^"b": a value/),
    });
    expect(judged('register', [at(1, 'a', 'v', 'write'), at(2, 'a', null), ...twice]).verdict).toBe('invalid');
  });

  it('is refused where an operation has not the shape that its name has', () => {
    expect(judged('register', [{ ...at(1, 'a', null, 'write') }]).reason).toBe(
      'operation 1 cannot be read: what write asks should be text, found null',
    );
    expect(judged('counter', [{ ...at(1, 'a', 'x'), endMs: 0 }]).reason).toContain('it ends before it begins');
    expect(judged('register', [{ ...at(1, 'a', 'x'), outcome: 'unknown' }]).reason).toContain('of unknown outcome has no end');
  });
});

/** The same history in the words of each checker that takes any number of operations. */
const WORDS: Readonly<Record<string, (operation: Operation, i: number) => Partial<Operation>>> = {
  register: (operation) => operation,
  sessions: (operation) => operation,
  set: (_, i) =>
    i === COUNT - 1 ? { f: 'read', output: Array.from({ length: COUNT - 1 }, (_unused, j) => `e${j}`) } : { f: 'add', input: `e${i}` },
  queue: (_, i) => {
    if (i < COUNT / 2 - 1) return { f: 'enqueue', input: `e${i}` };
    return { f: 'dequeue', output: i === COUNT / 2 - 1 || i === COUNT - 1 ? null : `e${i - COUNT / 2}` };
  },
  counter: (_, i) => (i % 100 === 99 ? { f: 'read', output: 0 } : { f: 'add', input: 0 }),
  bank: (_, i) => (i % 2 === 0 ? { f: 'transfer' } : { f: 'read', output: { a: 1, b: 2 } }),
  lock: (_, i) => ({ f: i % 2 === 0 ? 'acquire' : 'release', process: `p${(i >> 1) % 50}`, startMs: i, endMs: i + 0.5 }),
  lease: (_, i) => ({
    f: i % 2 === 0 ? 'acquire' : 'write',
    input: `v${i}`,
    token: i >> 1,
    validMs: 1,
    process: `p${i >> 1}`,
    startMs: 2 * i,
    endMs: 2 * i + 0.5,
  }),
  linearizable: (operation, i) => ({ ...operation, key: `k${i % 500}`, ...(operation.f === 'read' ? { f: 'write', input: `w${i}` } : {}) }),
};

describe('a long history', () => {
  const plain = simulateHistory({ seed: 1, copy: registerCopy(), count: 5 * COUNT, lostRatio: 0.001, refusedRatio: 0 });

  it.each(historyCheckers.names)(
    'is judged by %s in well under three seconds of processor time',
    (name) => {
      const isPlain = name === 'register' || name === 'sessions';
      const operations = plain.slice(0, isPlain ? plain.length : COUNT).map((operation, i): Operation => {
        const { output: _, ...asked } = operation;
        return isPlain ? operation : { ...asked, outcome: 'ok', endMs: operation.startMs + 3, id: i + 1, ...WORDS[name]?.(operation, i) };
      });
      const params = name === 'linearizable' ? { model: 'casRegister' } : name === 'lease' ? { minStale: 0 } : {};
      const before = process.cpuUsage();
      const { verdict, reason, anomalies } = judged(name, operations, params);
      const tookMs = process.cpuUsage(before).user / 1_000;
      console.info(`${name}: ${operations.length} operations in ${tookMs.toFixed(0)} ms of processor time`);
      expect([verdict, reason, anomalies.slice(0, 1)]).toEqual(['valid', undefined, []]);
      expect(tookMs).toBeLessThan(3_000);
    },
    60_000,
  );
});
