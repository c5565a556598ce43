import { describe, expect, it } from 'vitest';
import { spellsOf } from '../../src/interchange/incident.js';
import type { LoggedRequest } from '../../src/interchange/logs/logged-request.js';

/** One request every 100 ms, each as the function says of its second. */
const log = (seconds: number, of: (second: number, i: number) => Partial<LoggedRequest>): LoggedRequest[] =>
  Array.from({ length: seconds * 10 }, (_, i) => ({
    atMs: i * 100,
    host: 'a',
    method: 'GET',
    path: '/',
    status: 200,
    tookMs: 20,
    ...of(Math.floor(i / 10), i),
  }));

describe('the spells of a log', () => {
  it('are none while it is calm, however slow that is', () => {
    expect(spellsOf(log(60, () => ({ tookMs: 3_000 })))).toEqual([]);
    expect(spellsOf([])).toEqual([]);
  });

  it('join windows that are alike and part those that are not', () => {
    const spells = spellsOf(log(90, (s) => ({ tookMs: s < 30 ? 20 : s < 50 ? 200 : s < 70 ? 1_000 : 20 })));
    expect(spells.map(({ fromMs, toMs, slowerMs }) => [fromMs, toMs, slowerMs])).toEqual([
      [30_000, 50_000, 180],
      [50_000, 70_000, 980],
    ]);
  });

  it('are of each callee apart', () => {
    const spells = spellsOf(log(60, (s, i) => ({ host: i % 2 === 0 ? 'a' : 'b', status: i % 2 === 0 && s >= 20 && s < 40 ? 500 : 200 })));
    expect(spells).toMatchObject([{ host: 'a', fromMs: 20_000, toMs: 40_000, errorShare: 1, status: 500, slowerMs: 0 }]);
  });

  it('count a share above the usual, and an unanswered request as 503', () => {
    const spells = spellsOf(log(60, (s, i) => ({ status: i % 10 === 0 || (s >= 30 && s < 40 && i % 2 === 0) ? 0 : 200 })));
    expect(spells).toHaveLength(1);
    expect(spells[0]).toMatchObject({ fromMs: 30_000, toMs: 40_000, status: 503 });
    expect(spells[0]?.errorShare).toBeCloseTo(0.4);
  });

  it('leave out windows with too few requests to say anything', () => {
    expect(spellsOf(log(60, (s) => ({ status: s === 59 ? 500 : 200 })).filter(({ atMs }) => atMs < 50_000 || atMs > 59_600))).toEqual([]);
  });
});
