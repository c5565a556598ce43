import { describe, expect, it } from 'vitest';
import { seeds } from '../../support/simulated-cycles.js';
import { changed, drawOf, isDone, judged, type OneCopy, pick, readAt, simulateHistory } from '../../support/simulated-histories.js';

function bankCopy(): OneCopy {
  let [accounts, before]: [Record<string, number>, Record<string, number>] = [{ a: 50, b: 50, c: 0 }, {}];
  return {
    next: (draw) => {
      before = { ...accounts };
      if (draw() < 0.4) return { f: 'read', output: { ...accounts } };
      const [from, to] = draw() < 0.5 ? ['a', 'c'] : ['b', 'a'];
      const amount = Math.min(accounts[from] ?? 0, Math.floor(5 * draw()));
      accounts = { ...accounts, [from]: (accounts[from] ?? 0) - amount, [to]: (accounts[to] ?? 0) + amount };
      return { f: 'transfer' };
    },
    undo: () => {
      accounts = before;
    },
  };
}

describe('bank', () => {
  it('finds nothing in 500 good histories, and every read that makes or loses something', () => {
    const verdicts = { good: new Set<string>(), bad: new Set<string>() };
    for (const seed of seeds(500)) {
      const good = simulateHistory({ seed, copy: bankCopy(), count: 60 });
      verdicts.good.add(judged('bank', good, { total: 100 }).verdict);
      const chosen = pick(
        good.filter((one) => one.f === 'read' && isDone(one)),
        drawOf(seed + 1_000_000),
      );
      const accounts = (chosen?.output ?? {}) as Readonly<Record<string, number>>;
      if (chosen !== undefined)
        verdicts.bad.add(
          judged('bank', changed(good, chosen.id, { output: { ...accounts, c: (accounts['c'] ?? 0) + 1 } }), { total: 100 }).verdict,
        );
    }
    expect(verdicts).toEqual({ good: new Set(['valid']), bad: new Set(['invalid']) });
  });

  it('takes the total of the first read unless it is told, and objects to debts and to accounts that come and go', () => {
    expect(judged('bank', [readAt(1, { a: 5 }), readAt(2, { a: 5 })]).verdict).toBe('valid');
    expect(judged('bank', [readAt(1, { a: 5 })], { total: 6 }).anomalies[0]?.kind).toBe('wrong total');
    expect(judged('bank', [readAt(1, { a: 6, b: -1 })]).anomalies[0]).toMatchObject({ kind: 'overdrawn', says: 'b was at -1 (event 1)' });
    expect(judged('bank', [readAt(1, { a: 6, b: -1 })], { negative: 'allowed' }).verdict).toBe('valid');
    expect(judged('bank', [readAt(1, { a: 5, b: 0 }), readAt(2, { a: 5 })]).anomalies[0]?.kind).toBe('other accounts');
    expect(judged('bank', []).verdict).toBe('unknown');
  });

  it('judges no fractions, whose sums hang on their order, and adds up exactly what is whole', () => {
    expect(judged('bank', [readAt(1, { a: 0.1, b: 0.2, c: 0.3 }), readAt(2, { a: 0.3, b: 0.2, c: 0.1 })])).toMatchObject({
      verdict: 'unknown',
      reason:
        'operation 1 cannot be read: what read was answered should be whole numbers by name (amounts in the smallest unit), found {"a":0.1,"b":0.2,"c":0.3}',
    });
    const large = Number.MAX_SAFE_INTEGER;
    expect(judged('bank', [readAt(1, { a: large, b: 2, c: large }), readAt(2, { a: large, b: large, c: 2 })]).verdict).toBe('valid');
    expect(judged('bank', [readAt(1, { a: large + 1 })]).verdict).toBe('unknown');
  });
});
