import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/verify/histories/operation.js';
import { seeds } from '../../support/simulated-cycles.js';
import { drawOf, judged } from '../../support/simulated-histories.js';

/** Holders one after the other, each asking before the last has let go. */
function turns(seed: number, count = 40): Operation[] {
  const draw = drawOf(seed);
  const operations: Operation[] = [];
  let freeMs = 0;
  for (let i = 0; i < count; i++) {
    const process = `p${i % 7}`;
    const grantedMs = freeMs + draw();
    const releasedMs = grantedMs + 10 + 10 * draw();
    const common = { process, key: '', outcome: 'ok' } as const;
    operations.push({ ...common, id: 2 * i + 1, f: 'acquire', startMs: grantedMs - 5 * draw(), endMs: grantedMs + draw() });
    operations.push({ ...common, id: 2 * i + 2, f: 'release', startMs: releasedMs - draw(), endMs: releasedMs + draw() });
    freeMs = releasedMs;
  }
  return operations.sort((a, b) => a.startMs - b.startMs);
}

describe('lock', () => {
  it('finds nothing in 500 good histories, and every second holder', () => {
    const verdicts = { good: new Set<string>(), bad: new Set<string>() };
    for (const seed of seeds(500)) {
      const good = turns(seed);
      verdicts.good.add(judged('lock', good).verdict);
      const held = good.filter(({ f }) => f === 'acquire')[seed % 30];
      const intruder: Operation = {
        id: 999,
        process: 'thief',
        key: '',
        f: 'acquire',
        outcome: 'ok',
        startMs: (held?.endMs ?? 0) + 1,
        endMs: (held?.endMs ?? 0) + 3,
      };
      verdicts.bad.add(judged('lock', [...good, intruder]).verdict);
    }
    expect(verdicts).toEqual({ good: new Set(['valid']), bad: new Set(['invalid']) });
  });

  it('names both holders, and is open where it was taken once', () => {
    const [a, b] = turns(1, 2).filter(({ f }) => f === 'acquire');
    if (a === undefined || b === undefined) throw new Error('there are two');
    expect(judged('lock', [a, { ...b, id: 7 }]).anomalies).toEqual([
      { kind: 'two holders', says: 'p1 was given it (event 7) while p0 held it (event 1)', operations: [1, 7] },
    ]);
    expect(judged('lock', [a]).verdict).toBe('unknown');
  });
});
